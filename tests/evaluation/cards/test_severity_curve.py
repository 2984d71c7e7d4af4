import dataclasses

import numpy as np
import pytest

from keras_drop.evaluation import (
    Bootstrap,
    Protocol,
    evaluate,
    severity_curve,
    severity_table,
)
from keras_drop.records import Records

pytestmark = pytest.mark.backend_neutral

PROTOCOL = Protocol("drawn", max_rank=5)


def card(severity, noise, protocol=PROTOCOL):
    """Twenty people, found again through some noise."""
    rng = np.random.default_rng(0)
    people = rng.normal(size=(20, 8))
    splits = {
        "query": Records(
            [f"{severity}{k}" for k in range(20)], range(20), [0] * 20
        ),
        "gallery": Records([f"g{k}" for k in range(20)], range(20), [1] * 20),
    }
    noisy = people + noise * rng.normal(size=people.shape)
    return evaluate(
        (noisy, people),
        splits,
        protocol,
        model="m",
        bootstrap=Bootstrap(num_resamples=50),
    )


def cards():
    return {
        "DROP": {"none": card("n", 0.1), "heavy": card("h", 1.0)},
        "global": {"none": card("n", 0.5), "heavy": card("h", 3.0)},
    }


def test_curve_and_table():
    given = cards()
    curve = severity_curve(given, "rank-5")
    assert list(curve) == ["DROP", "global"]
    for method, row in given.items():
        assert list(curve[method]) == ["none", "heavy"]
        for severity, expected in row.items():
            assert curve[method][severity] == (
                expected.metrics["rank-5"],
                *expected.intervals["rank-5"],
            )
    lines = severity_table(given, "rank-5").split("\n")
    assert len({len(line) for line in lines}) == 1
    rows = [[c.strip() for c in line.split("|")[1:-1]] for line in lines]
    assert rows[0] == ["rank-5", "none", "heavy"]
    value, low, high = curve["global"]["heavy"]
    assert 0 < value < 1
    assert rows[3] == [
        "global",
        "{:.1f} [{:.1f}, {:.1f}]".format(
            *(100 * v for v in curve["global"]["none"])
        ),
        f"{100 * value:.1f} [{100 * low:.1f}, {100 * high:.1f}]",
    ]


def test_refuses_what_is_no_curve():
    given = cards()
    with pytest.raises(
        ValueError, match="has no metric 'rank-10'; it has rank"
    ):
        severity_curve(given, "rank-10")
    with pytest.raises(ValueError, match="at least one method"):
        severity_table({})
    with pytest.raises(ValueError, match="at least one method"):
        severity_table({"DROP": {}})
    turned = dict(reversed(given["global"].items()))
    with pytest.raises(ValueError, match="severities none, heavy, global has"):
        severity_curve({**given, "global": turned})
    other = {**given["global"], "heavy": card("x", 1.0)}
    with pytest.raises(ValueError, match="differ at the severity heavy: they"):
        severity_curve({**given, "global": other})
    ties = dataclasses.replace(PROTOCOL, ties="optimistic")
    mixed = {"none": card("n", 0.1), "heavy": card("h", 1.0, ties)}
    with pytest.raises(ValueError, match="severities none and heavy differ"):
        severity_curve({"DROP": mixed})

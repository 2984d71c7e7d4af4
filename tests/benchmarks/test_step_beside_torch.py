"""Steps of two groups are compared by way of the backbone in both."""

import pytest

from benchmarks.step_beside_torch import BARE, summary

pytestmark = pytest.mark.backend_neutral


def steps(*seconds):
    return [{"seconds": x, "processor seconds": 3 * x} for x in seconds]


def test_each_is_compared_with_the_backbone_of_its_group():
    groups = [
        {"torch": steps(9.0, 2.0, 1.5), "ours": steps(1.2), BARE: steps(1.0)},
        {BARE: steps(2.0), "drop": steps(2.2, 2.3)},
    ]
    names = {"torch", "ours", "drop", BARE}
    found = summary(groups, {name: {"parameters": 7} for name in names})
    assert set(found) == names
    assert found["torch"]["seconds"] == 2.0
    assert found["torch"]["quickest"] == 1.5
    assert found[BARE]["seconds"] == 1.0  # Of the first group.
    expected = {"torch": 100.0, "ours": 20.0, "drop": 12.5, BARE: 0.0}
    for name, share in expected.items():
        assert found[name]["parameters"] == 7
        for kind in ("", "processor "):
            each = found[name]
            assert each[f"{kind}over the backbone"] == pytest.approx(share)
            assert each[f"{kind}torch / this"] == pytest.approx(
                2.0 / (1 + share / 100)
            )

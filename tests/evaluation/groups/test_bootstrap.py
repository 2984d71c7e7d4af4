import numpy as np
import pytest

from keras_drop.evaluation import Bootstrap, evaluate_distances
from keras_drop.evaluation.groups import bootstrap
from keras_drop.evaluation.groups.bootstrap import (
    metric_intervals,
    paired_differences,
)
from keras_drop.records import Records

pytestmark = pytest.mark.backend_neutral


def make_result(seed, num_query=40):
    """Queries of 12 people, of whom two are not in the gallery."""
    people = np.arange(num_query) % 12
    query = Records([""] * num_query, people, [0] * num_query)
    gallery = Records([""] * 30, np.arange(30) % 10, [1] * 30)
    rng = np.random.default_rng(seed)
    return evaluate_distances(rng.random((num_query, 30)), query, gallery)


def slow_means(result, name, num_resamples, seed):
    """One draw after the other, one query after the other."""
    values = {
        "rank-5": result.hits[:, 4],
        "mAP": result.average_precision,
        "mINP": result.inverse_negative_penalty,
    }[name]
    values = [float(v) for v, used in zip(values, result.counted) if used]
    draws = np.random.default_rng(seed).integers(
        len(values), size=(num_resamples, len(values))
    )
    return [np.mean([values[row] for row in draw]) for draw in draws]


@pytest.mark.parametrize("name", ["rank-5", "mAP", "mINP"])
def test_intervals_match_reference(name):
    result = make_result(0)
    assert 0 < result.num_skipped < 10
    got = metric_intervals(
        result,
        bootstrap=Bootstrap(confidence=0.8, num_resamples=50, seed=3),
    )
    means = slow_means(result, name, 50, 3)
    want = np.quantile(means, [0.1, 0.9])
    np.testing.assert_allclose(got[name], want, rtol=1e-12)
    assert list(got) == list(result.metrics)


@pytest.mark.parametrize("name", ["rank-5", "mAP", "mINP"])
def test_differences_match_reference(name):
    result, other = make_result(0), make_result(1)
    difference, low, high = paired_differences(
        result,
        other,
        bootstrap=Bootstrap(confidence=0.9, num_resamples=60, seed=4),
    )[name]
    want = result.metrics[name] - other.metrics[name]
    np.testing.assert_allclose(difference, want, rtol=1e-12)
    means = np.subtract(
        slow_means(result, name, 60, 4), slow_means(other, name, 60, 4)
    )
    np.testing.assert_allclose(
        (low, high), np.quantile(means, [0.05, 0.95]), rtol=1e-9, atol=1e-12
    )


def test_does_not_depend_on_blocks(monkeypatch):
    whole = metric_intervals(
        make_result(0), bootstrap=Bootstrap(num_resamples=100)
    )
    monkeypatch.setattr(bootstrap, "_CELLS", 170)
    assert (
        metric_intervals(make_result(0), bootstrap=Bootstrap(num_resamples=100))
        == whole
    )
    other = metric_intervals(
        make_result(0),
        bootstrap=Bootstrap(num_resamples=100, seed=2),
    )
    assert other != whole


def test_width_is_that_of_the_binomial():
    """A share p of n queries has the deviation sqrt(p (1 - p) / n)."""
    people = np.arange(400)
    query = Records([""] * 400, people, [0] * 400)
    gallery = Records([""] * 401, np.arange(401), [1] * 401)
    distances = np.ones((400, 401))
    distances[people, people] = np.where(people % 10 < 3, 0, 2)
    result = evaluate_distances(distances, query, gallery)
    assert result.metrics["rank-1"] == 0.3
    low, high = metric_intervals(result)["rank-1"]
    half = 1.96 * np.sqrt(0.3 * 0.7 / 400)
    np.testing.assert_allclose(low, 0.3 - half, atol=0.15 * half)
    np.testing.assert_allclose(high, 0.3 + half, atol=0.15 * half)


def test_equal_results_do_not_differ():
    for values in paired_differences(make_result(0), make_result(0)).values():
        assert values == (0, 0, 0)


def test_results_of_other_queries():
    with pytest.raises(ValueError, match="34 counted of 40 and 18 counted"):
        paired_differences(make_result(0), make_result(0, num_query=20))


@pytest.mark.parametrize("confidence", [0, 1, 95, float("nan")])
def test_no_share(confidence):
    with pytest.raises(ValueError, match="`confidence` is a share"):
        metric_intervals(
            make_result(0), bootstrap=Bootstrap(confidence=confidence)
        )


def test_no_draws():
    with pytest.raises(ValueError, match="`num_resamples` is at least 1"):
        metric_intervals(make_result(0), bootstrap=Bootstrap(num_resamples=0))


@pytest.mark.parametrize(
    "given", [{"num_resamples": 10.5}, {"seed": 1.5}, {"seed": -1}]
)
def test_draws_and_seed_are_whole_numbers(given):
    (name,) = given
    with pytest.raises(ValueError, match=f"`{name}` is .*a whole number"):
        Bootstrap(**given)
    assert type(getattr(Bootstrap(**{name: np.int64(5)}), name)) is int

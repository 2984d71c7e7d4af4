import numpy as np
import pytest

from keras_drop.evaluation.verdicts.pair_counts import PairCounts
from keras_drop.evaluation.verdicts.reliability import measure_reliability
from tests.reference import verdict

pytestmark = pytest.mark.backend_neutral


@pytest.mark.parametrize("prior", [0.5, 0.1])
@pytest.mark.parametrize("num_bins", [4, 10])
def test_matches_reference(num_bins, prior):
    rng = np.random.default_rng(1)
    same, different = rng.integers(0, 9, (2, 3, 5))
    probabilities = rng.random((3, 5)) ** 3
    probabilities[0, :2] = 0.0, 1.0
    counts = PairCounts(None, None, same, different, (0, 0))
    found = measure_reliability(counts, probabilities, prior, num_bins)
    values, labels = [], []
    for label, numbers in ((True, same), (False, different)):
        values += np.repeat(probabilities.ravel(), numbers.ravel()).tolist()
        labels += [label] * int(numbers.sum())
    expected, error = verdict.reliability(values, labels, prior, num_bins)
    np.testing.assert_allclose(
        np.stack([found.weight, found.probability, found.same], axis=1),
        expected,
    )
    assert found.expected_calibration_error == pytest.approx(error)
    assert found.num_pairs.sum() == len(values)
    assert found.prior == prior
    np.testing.assert_allclose(found.edges, np.arange(num_bins + 1) / num_bins)

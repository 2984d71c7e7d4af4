import numpy as np
import pytest

from keras_drop.datasets.embedded_pedestrians.files.label_noise import (
    degrade_labels,
)

pytestmark = pytest.mark.backend_neutral


def labels():
    array = np.zeros((128, 64), np.uint8)
    for part in range(1, 15):
        row = 8 * part
        array[row : row + 8, 16:48] = part
    return array


def test_no_noise_changes_nothing():
    noisy = degrade_labels(labels(), 0.0, np.random.default_rng(1))
    np.testing.assert_array_equal(noisy, labels())


def test_full_noise_is_read_on_a_coarse_grid_and_loses_parts():
    lost = 0
    for seed in range(30):
        noisy = degrade_labels(labels(), 1.0, np.random.default_rng(seed))
        rows = np.count_nonzero(np.any(noisy[1:] != noisy[:-1], axis=1))
        columns = np.count_nonzero(
            np.any(noisy[:, 1:] != noisy[:, :-1], axis=0)
        )
        assert rows <= 16 and columns <= 8
        lost += 14 - len(np.setdiff1d(np.unique(noisy), [0]))
    assert 0.1 < lost / (30 * 14) < 0.5


def test_some_noise_changes_some_labels():
    agreement = [
        (degrade_labels(labels(), 0.3, np.random.default_rng(seed)) == labels())
        for seed in range(30)
    ]
    assert 0.7 < np.mean(agreement) < 0.98

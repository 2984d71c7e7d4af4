import numpy as np
import pytest
from keras import ops

from keras_drop.ops import part_cells
from tests.compiled import compiled
from tests.reference import hpnet


def make_labels(seed, size=(8, 6), parts=3):
    rng = np.random.default_rng(seed)
    numbers = rng.integers(parts + 1, size=(2, *size))
    return numbers, np.eye(parts + 1, dtype="float32")[numbers]


@pytest.mark.parametrize("reduction", ["nearest", "area_max"])
@pytest.mark.parametrize("grid", [(2, 3), (4, 1), (8, 6)])
def test_matches_reference(grid, reduction):
    numbers, labels = make_labels(0)
    actual = ops.convert_to_numpy(
        compiled(lambda x: part_cells(x, grid, reduction))(labels)
    )
    expected = hpnet.part_cells(numbers, grid, reduction, num_parts=3)
    assert 0 < expected.mean() < 1
    np.testing.assert_array_equal(actual, expected)
    assert actual.dtype == "float32"


def test_nearest_reads_the_middle_of_cells_that_are_no_blocks():
    numbers, labels = make_labels(1, size=(7, 5))
    actual = part_cells(labels, (3, 2), "nearest")
    expected = hpnet.part_cells(numbers, (3, 2), "nearest", num_parts=3)
    np.testing.assert_array_equal(ops.convert_to_numpy(actual), expected)


def test_a_thin_part_is_lost_by_nearest_alone():
    labels = np.zeros((1, 8, 4, 2), "float32")
    labels[..., 0] = 1
    labels[:, 0] = [0, 1]
    kept = ops.convert_to_numpy(part_cells(labels, (2, 1), "area_max"))
    lost = ops.convert_to_numpy(part_cells(labels, (2, 1), "nearest"))
    assert kept.ravel().tolist() == [1, 0] and not lost.any()


def test_parts_that_share_a_cell_are_both_there():
    """As labels that were reduced by area already have it."""
    labels = np.array([[[[0, 0.5, 0, 0.5], [0.4, 0.3, 0.3, 0]]]], "float32")
    actual = ops.convert_to_numpy(part_cells(labels, (1, 2)))
    assert actual.tolist() == [[[[1, 0, 1], [0, 0, 0]]]]


def test_refuses_what_it_cannot_reduce():
    _, labels = make_labels(2)
    with pytest.raises(ValueError, match=r"'nearest', 'area_max'; got 'mean'"):
        part_cells(labels, (2, 3), "mean")
    with pytest.raises(ValueError, match=r"\(8, 6\).*\(3, 3\).*nearest"):
        part_cells(labels, (3, 3), "area_max")

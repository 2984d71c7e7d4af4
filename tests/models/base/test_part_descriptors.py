import numpy as np
import pytest

from keras_drop.models.base.part_descriptors import (
    refuse_other_parts,
    visible_parts,
)

pytestmark = pytest.mark.backend_neutral


def test_visible_parts_are_the_last_columns():
    outputs = {"parts": np.zeros((1, 2, 5)), "visibility": np.eye(4)[2:3]}
    assert visible_parts(outputs).tolist() == [[1, 0]]


def test_labels_of_other_parts_are_refused():
    refuse_other_parts(np.zeros((1, 2, 2, 4)), num_parts=3)
    with pytest.raises(ValueError, match="labels have 3 parts, the model has"):
        refuse_other_parts(np.zeros((1, 2, 2, 4)), num_parts=4)

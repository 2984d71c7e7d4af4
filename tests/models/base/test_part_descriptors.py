import numpy as np
import pytest

from keras_drop.models.base.part_descriptors import visible_parts

pytestmark = pytest.mark.backend_neutral


def test_visible_parts_are_the_last_columns():
    outputs = {"parts": np.zeros((1, 2, 5)), "visibility": np.eye(4)[2:3]}
    assert visible_parts(outputs).tolist() == [[1, 0]]

import numpy as np
import pytest

from keras_drop.models.part_descriptors import (
    embedding_names,
    refuse_negative,
    refuse_other_parts,
    refuse_unknown,
    visible_parts,
)

pytestmark = pytest.mark.backend_neutral


def test_names_follow_the_compared_embeddings():
    parts = ("head", "legs")
    for compared, names in {
        "foreground+parts": ("foreground", *parts),
        "global+foreground+parts": ("global", "foreground", *parts),
        "parts": parts,
    }.items():
        assert embedding_names(compared, parts) == names


def test_visible_parts_are_the_last_columns():
    outputs = {"parts": np.zeros((1, 2, 5)), "visibility": np.eye(4)[2:3]}
    assert visible_parts(outputs).tolist() == [[1, 0]]


def test_unknown_values_are_refused_with_the_known_ones():
    with pytest.raises(ValueError, match=r"`b` is one of 'x', 'y'; got 'z'"):
        refuse_unknown(a=("x", ("x",)), b=("z", ("x", "y")))


@pytest.mark.parametrize("value", [-1, float("nan")])
def test_negative_values_are_refused(value):
    with pytest.raises(ValueError, match=r"`b` is .* has to be 0 or more"):
        refuse_negative(a=0, b=value)


def test_labels_of_other_parts_are_refused():
    refuse_other_parts(np.zeros((1, 2, 2, 4)), num_parts=3)
    with pytest.raises(ValueError, match="labels have 3 parts, the model has"):
        refuse_other_parts(np.zeros((1, 2, 2, 4)), num_parts=4)

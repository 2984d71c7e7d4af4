import types

import numpy as np
import pytest

from keras_drop.models.inputs.label_checks import (
    check_identities,
    check_parsing,
    refuse_other_parts,
)

pytestmark = pytest.mark.backend_neutral

# As far as the checks look: three people, two parts.
MODEL = types.SimpleNamespace(
    num_identities=3, output={"part_maps": np.zeros((1, 2, 2, 3))}
)
WITHOUT_PARTS = types.SimpleNamespace(output={})


@pytest.mark.parametrize(
    ("people", "message"),
    [
        (np.array([0, 3]), "a label 3 .*`num_identities=4`"),
        (np.array([-1, 2]), "a label -1"),
        (np.array([0.5, 1.0]), "whole numbers; these are float64"),
        (np.array(["a", "b"]), "whole numbers; these are <U1"),
        (np.array([[0], [1]]), r"the shape \(2, 1\).*a column"),
        (np.eye(3)[:2], r"the shape \(2, 3\).*one-hot rows"),
    ],
)
def test_identities_that_are_none(people, message):
    with pytest.raises(ValueError, match=message):
        check_identities(MODEL, people)


def test_identities_that_are():
    check_identities(MODEL, np.array([2, 0], "uint8"))
    check_identities(MODEL, np.array([]))
    check_identities(WITHOUT_PARTS, np.array([0, 10**6]))


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (np.zeros((2, 4, 3), int), r"width, 3\).*\(2, 4, 3\).*one_hot.*, 3"),
        (np.zeros((2, 4, 4, 5)), "labels have 4 parts, the model has 2"),
        (np.full((2, 4, 4, 3), "1"), "numbers; these are <U1"),
        (np.full((2, 4, 4, 3), np.nan), "not finite"),
        (np.full((2, 4, 4, 3), -np.inf, "float32"), "not finite"),
    ],
)
def test_parsing_that_is_no_map_of_the_parts(labels, message):
    with pytest.raises(ValueError, match=message):
        check_parsing(MODEL, labels)
    check_parsing(WITHOUT_PARTS, labels)


@pytest.mark.parametrize("dtype", ["float32", "uint8", "bool"])
def test_parsing_that_is(dtype):
    check_parsing(MODEL, np.eye(3)[np.ones((2, 4, 4), int)].astype(dtype))
    check_parsing(MODEL, np.zeros((0, 4, 4, 3), dtype))


def test_one_map_that_is_not_finite_is_enough():
    labels = np.zeros((2, 4, 4, 3), "float32")
    labels[1, 3, 2, 0] = np.nan
    with pytest.raises(ValueError, match="not finite"):
        check_parsing(MODEL, labels)


def test_labels_of_other_parts_are_refused():
    refuse_other_parts(np.zeros((1, 2, 2, 4)), num_parts=3)
    with pytest.raises(ValueError, match="labels have 3 parts, the model has"):
        refuse_other_parts(np.zeros((1, 2, 2, 4)), num_parts=4)
    in_a_graph = types.SimpleNamespace(shape=(None, 2, 2, None))
    with pytest.raises(ValueError, match=r"no fixed number.*width, 5\)"):
        refuse_other_parts(in_a_graph, num_parts=4)

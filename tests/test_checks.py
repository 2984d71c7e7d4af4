import numpy as np
import pytest

from keras_drop.checks import (
    checked_choice,
    checked_share,
    refuse_less_than_1,
    refuse_negative,
    refuse_no_count,
    refuse_unknown,
    refuse_unknown_names,
)

pytestmark = pytest.mark.backend_neutral


def test_a_known_value_is_given_back():
    assert checked_choice("b", "y", ("x", "y")) == "y"


@pytest.mark.parametrize(
    "value", ["z", 1.5, None, ["x"], np.array(["x", "y"])], ids=str
)
def test_unknown_values_are_refused_with_the_known_ones(value):
    with pytest.raises(ValueError, match=r"`b` is one of 'x', 'y'; got "):
        refuse_unknown(a=("x", ("x",)), b=(value, ("x", "y")))


def test_the_nearest_known_value_is_named():
    with pytest.raises(ValueError, match=r"Did you mean 'threshold'\?"):
        checked_choice("visibility", "treshold", ("argmax", "threshold"))
    with pytest.raises(ValueError, match=r"'stripe'\.$"):
        checked_choice("visibility", "stripe", ("argmax", "threshold"))


def test_unknown_names_are_refused_with_the_known_ones():
    refuse_unknown_names("loss_weights", ["parsing"], ("parsing", "triplet"))
    message = (
        r"`loss_weights` does not have 'parsin'; it has parsing, triplet\. "
        r"Did you mean 'parsing'\?"
    )
    with pytest.raises(ValueError, match=message):
        refuse_unknown_names(
            "loss_weights", ["parsin", "triplet"], ("parsing", "triplet")
        )


@pytest.mark.parametrize("value", [-1, float("nan"), "ten", None, True])
def test_negative_values_are_refused(value):
    with pytest.raises(ValueError, match=r"`b` is .* has to be 0 or more"):
        refuse_negative(a=0, b=value)


@pytest.mark.parametrize("value", [-0.1, 1, float("nan")])
def test_what_is_no_share_is_refused(value):
    assert checked_share("a", 0.5) == 0.5
    with pytest.raises(ValueError, match=r"`a` is .* less than 1"):
        checked_share("a", value)


@pytest.mark.parametrize("value", [0, 0.5, float("nan"), "5", None, True])
def test_numbers_below_1_are_refused(value):
    refuse_less_than_1(a=1)
    with pytest.raises(ValueError, match="`b` is at least 1; it is"):
        refuse_less_than_1(a=1, b=value)


@pytest.mark.parametrize("value", [0, 2.0, 2.5, "5", None, True])
def test_what_is_no_count_is_refused(value):
    refuse_no_count(a=1, b=np.int64(7))
    with pytest.raises(ValueError, match="`b` is at least 1, a whole"):
        refuse_no_count(a=1, b=value)

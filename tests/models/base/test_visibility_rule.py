import pytest

from keras_drop.models import VisibilityRule
from tests.testing import assert_value_round_trip

pytestmark = pytest.mark.backend_neutral


def test_round_trip():
    assert_value_round_trip(VisibilityRule("threshold", 0.3, in_training=True))


def test_a_margin_may_be_below_0():
    rule = VisibilityRule("margin", (-0.5, 0.5), in_training=True)
    assert_value_round_trip(rule)
    with pytest.raises(ValueError, match="'margin' lies between -1 and 1"):
        VisibilityRule("margin", -1.0)


def test_a_threshold_for_each_part():
    rule = VisibilityRule("threshold", (0.3, 0.7), in_training=True)
    assert_value_round_trip(rule)
    assert VisibilityRule("threshold", [0.3, 0.7], True) == rule, "of JSON"
    rule.refuse_other_parts(2)
    with pytest.raises(ValueError, match="has 2 numbers, the model has 3"):
        rule.refuse_other_parts(3)
    with pytest.raises(ValueError, match="`threshold` is"):
        VisibilityRule("threshold", (0.3, 1.7))


@pytest.mark.parametrize("threshold", [0, 1.0, float("nan")])
def test_refuses_what_is_no_probability(threshold):
    with pytest.raises(ValueError, match=f"`threshold` is {threshold}"):
        VisibilityRule("threshold", threshold)


def test_refuses_another_rule():
    with pytest.raises(ValueError, match="got 'maximum'"):
        VisibilityRule("maximum")


@pytest.mark.parametrize(
    "rule, expected",
    [("argmax", "product"), ("threshold", "product"), ("continuous", "sqrt")],
)
def test_visibility_of_a_pair(rule, expected):
    assert VisibilityRule(rule).pair_rule == expected

import pytest

from keras_drop.models.switches import refuse_negative, refuse_unknown

pytestmark = pytest.mark.backend_neutral


def test_unknown_values_are_refused_with_the_known_ones():
    with pytest.raises(ValueError, match=r"`b` is one of 'x', 'y'; got 'z'"):
        refuse_unknown(a=("x", ("x",)), b=("z", ("x", "y")))


@pytest.mark.parametrize("value", [-1, float("nan")])
def test_negative_values_are_refused(value):
    with pytest.raises(ValueError, match=r"`b` is .* has to be 0 or more"):
        refuse_negative(a=0, b=value)

import pytest

from keras_drop.models import PersonMemory
from tests.testing import assert_value_round_trip

pytestmark = pytest.mark.backend_neutral


def test_round_trip():
    assert_value_round_trip(PersonMemory(0.0, "lazy"))


@pytest.mark.parametrize(
    "wrong, message",
    [
        ({"momentum": 1.0}, "`momentum` is 1.0"),
        ({"momentum": -0.1}, "`momentum` is -0.1"),
        ({"start": "zeros"}, "`start` is one of 'mean', 'lazy'"),
    ],
    ids=str,
)
def test_refuses_what_it_does_not_know(wrong, message):
    with pytest.raises(ValueError, match=message):
        PersonMemory(**wrong)

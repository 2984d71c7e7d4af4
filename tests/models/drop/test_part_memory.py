import pytest

from keras_drop.models import PartMemory
from tests.testing import assert_value_round_trip

pytestmark = pytest.mark.backend_neutral


def test_round_trip():
    assert_value_round_trip(PartMemory("prototype", 5, 4))


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "stack"},
        {"size": -3},
        {"start_epoch": -4},
        {"size": 20, "kind": "none"},
        {"start_epoch": 7, "kind": "none"},
    ],
    ids=str,
)
def test_refuses_what_it_does_not_know(wrong):
    with pytest.raises(ValueError, match=str(next(iter(wrong.values())))):
        PartMemory(**wrong)

import pytest

from keras_drop.models import ReIDMap
from tests.testing import assert_value_round_trip

pytestmark = pytest.mark.backend_neutral


def test_round_trip():
    assert_value_round_trip(ReIDMap(8, "concat", "triplet"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"pooling": "max"},
        {"stride": 32},
    ],
    ids=str,
)
def test_refuses_what_it_does_not_know(wrong):
    with pytest.raises(ValueError, match=str(next(iter(wrong.values())))):
        ReIDMap(**wrong)

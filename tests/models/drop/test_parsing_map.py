import pytest

from keras_drop.models import ParsingMap
from tests.testing import assert_value_round_trip

pytestmark = pytest.mark.backend_neutral


def test_round_trip():
    assert_value_round_trip(ParsingMap(16, "concat", False, "table", True))


@pytest.mark.parametrize(
    "wrong",
    [
        {"fusion": "multiply"},
        {"position_encoder": "learned"},
        {"channels": 0},
    ],
    ids=str,
)
def test_refuses_what_it_does_not_know(wrong):
    with pytest.raises(ValueError, match=str(next(iter(wrong.values())))):
        ParsingMap(**wrong)

import pytest

from keras_drop.models import Focuser
from tests.testing import assert_value_round_trip

pytestmark = pytest.mark.backend_neutral


def test_round_trip():
    assert_value_round_trip(Focuser("map", 6, "no_skip", "none"))


@pytest.mark.parametrize(
    "wrong",
    [{"place": "maps"}, {"start": "skip"}, {"gate": "background"}],
    ids=str,
)
def test_refuses_what_it_does_not_know(wrong):
    with pytest.raises(ValueError, match=str(next(iter(wrong.values())))):
        Focuser(**wrong)

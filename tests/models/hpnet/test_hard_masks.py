import pytest

from keras_drop.models import HardMasks
from tests.testing import assert_value_round_trip

pytestmark = pytest.mark.backend_neutral


def test_round_trip():
    assert_value_round_trip(HardMasks(0.3, True, "area_max"))


@pytest.mark.parametrize(
    "wrong, message",
    [
        ({"threshold": 0}, "`threshold` is 0; .* as 0.5 does"),
        ({"threshold": 1.0}, "`threshold` is 1.0"),
        ({"label_reduction": "mean"}, "got 'mean'"),
    ],
    ids=str,
)
def test_refuses_what_it_does_not_know(wrong, message):
    with pytest.raises(ValueError, match=message):
        HardMasks(**wrong)

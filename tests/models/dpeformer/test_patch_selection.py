import pytest

from keras_drop.models import PatchSelection
from tests.testing import assert_value_round_trip

pytestmark = pytest.mark.backend_neutral


def test_round_trip():
    assert_value_round_trip(PatchSelection("global", "cosine", 3))


@pytest.mark.parametrize(
    "wrong, message",
    [
        ({"proxy": "mean"}, "got 'mean'"),
        ({"similarity": "l2"}, "got 'l2'"),
        ({"k_min": 0}, "`k_min` is 0"),
    ],
    ids=str,
)
def test_refuses_what_it_does_not_know(wrong, message):
    with pytest.raises(ValueError, match=message):
        PatchSelection(**wrong)

import pytest

from keras_drop.models import HardMasks, HPNet
from tests.testing import assert_value_round_trip

pytestmark = pytest.mark.backend_neutral


def test_round_trip():
    assert_value_round_trip(HardMasks(0.3, True, "area_max", (0.2, 0.6)))


def test_what_makes_each_part_visible():
    masks = HardMasks(visible_from=[0.3, 0.7])
    assert masks.of_parts(2) == (0.3, 0.7)
    assert HardMasks().of_parts(2) == (None, None)
    with pytest.raises(ValueError, match="has 2 numbers, the model has 4"):
        masks.of_parts(4)
    with pytest.raises(ValueError, match="has 2 numbers, the model has 4"):
        HPNet.check_switches(masks=masks, part_schema="hpnet_four")


@pytest.mark.parametrize(
    "wrong, message",
    [
        ({"threshold": 0}, "`threshold` is 0; .* as 0.5 does"),
        ({"threshold": 1.0}, "`threshold` is 1.0"),
        ({"label_reduction": "mean"}, "got 'mean'"),
        ({"visible_from": 0.3}, "`visible_from` is 0.3. Give one number for"),
        ({"visible_from": (0.3, 1.5)}, "`visible_from` is 1.5; .* as 0.5 does"),
        ({"visible_from": ["0.3"]}, "`visible_from` is '0.3'; a threshold"),
    ],
    ids=str,
)
def test_refuses_what_it_does_not_know(wrong, message):
    with pytest.raises(ValueError, match=message):
        HardMasks(**wrong)

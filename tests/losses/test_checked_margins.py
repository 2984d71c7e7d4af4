"""What is no margin is refused when a loss is made, not by a loss of NaN."""

import pytest

from keras_drop import losses

pytestmark = pytest.mark.backend_neutral


@pytest.mark.parametrize("margin", [float("nan"), float("inf"), None, "0.3"])
@pytest.mark.parametrize(
    "loss",
    [
        losses.PartAveragedTriplet,
        losses.PartAwareCompactness,
        losses.PrototypeCompactness,
        losses.VisibilityTriplet,
    ],
)
def test_a_margin_is_a_number(loss, margin):
    with pytest.raises(ValueError, match="`margin` is"):
        loss(margin=margin)
    assert loss(margin=-1).margin == -1

import dataclasses

import numpy as np
import pytest

from keras_drop.data.occlusions import (
    GridMask,
    PartOcclusion,
    RandomErasing,
    RealisticOcclusion,
    Scene,
    SeveritySchedule,
)
from tests.data.occlusions.banks import hide, opaque
from tests.reference import occlusions as slow

pytestmark = pytest.mark.backend_neutral


def hidden_share(stage, epoch, seed):
    image = np.zeros((256, 128, 3), "float32")
    return hide(stage, image, seed, Scene(epoch=epoch))[1].mean()


def test_matches_reference():
    epochs, severity, probability = (2, 6, 8), (0.2, 1.0, 0.4), (0.0, 0.5, 1.0)
    schedule = SeveritySchedule(
        RealisticOcclusion(opaque(9, 9), 0.8), epochs, severity, probability
    )
    for epoch in range(11):
        stage = schedule.stage_at(epoch)
        expected = slow.schedule(epoch, epochs, severity)
        assert stage.reach == pytest.approx((0.5 * expected, 0.75 * expected))
        expected = slow.schedule(epoch, epochs, probability)
        assert stage.probability == pytest.approx(0.8 * expected)


def test_hides_more_in_later_epochs():
    schedule = SeveritySchedule(
        RealisticOcclusion(opaque(9, 9)), (0, 10), (0.0, 1.0)
    )
    shares = [
        np.mean([hidden_share(schedule, epoch, s) for s in range(40)])
        for epoch in (0, 5, 10, 20)
    ]
    np.testing.assert_allclose(shares, [0, 0.3125, 0.625, 0.625], atol=0.03)


def test_the_probability_rises():
    schedule = SeveritySchedule(GridMask(1.0), (0, 4), probability=(0.0, 0.5))
    happened = [
        np.mean([hidden_share(schedule, epoch, s) > 0 for s in range(200)])
        for epoch in (0, 2, 4)
    ]
    np.testing.assert_allclose(happened, [0, 0.25, 0.5], atol=0.1)


def test_is_a_stage_itself():
    schedule = SeveritySchedule(RandomErasing(1.0, (0.4, 0.4)), (0, 4))
    assert hidden_share(schedule.at(0.5), 1, 0) == pytest.approx(0.2, abs=0.01)
    assert not schedule.needs_labels
    assert dataclasses.replace(schedule, stage=PartOcclusion()).needs_labels


def test_wrong_values_are_named():
    with pytest.raises(ValueError, match="3 epochs have 2 severities and 2"):
        SeveritySchedule(GridMask(), epochs=(0, 1, 2))
    with pytest.raises(ValueError, match=r"\(3, 3\) do not rise"):
        SeveritySchedule(GridMask(), epochs=(3, 3))

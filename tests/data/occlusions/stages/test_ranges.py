"""Shares and ranges that are none are refused when a stage is made."""

import pytest

from keras_drop.data.occlusions import (
    GridMask,
    PartOcclusion,
    PersonOverPerson,
    RandomErasing,
    RealisticOcclusion,
    SeveritySchedule,
)

pytestmark = pytest.mark.backend_neutral


@pytest.mark.parametrize(
    ("stage", "wrong"),
    [
        (GridMask, {"probability": 1.5}),
        (GridMask, {"ratio": -0.1}),
        (GridMask, {"unit": (1.0, 0.4)}),
        (PartOcclusion, {"probability": float("nan")}),
        (PartOcclusion, {"max_parts": 0}),
        (PersonOverPerson, {"sinking": 2}),
        (PersonOverPerson, {"flip": "no"}),
        (PersonOverPerson, {"reach": (0.3, 1.7)}),
        (PersonOverPerson, {"scale": (-1.0, 1.2)}),
        (RandomErasing, {"probability": 50}),
        (RandomErasing, {"area": (0.4, 0.02)}),
        (RandomErasing, {"area": 0.4}),
        (RandomErasing, {"aspect": (0, 3.3)}),
        (RealisticOcclusion, {"reach": (50, 75)}),
        (RealisticOcclusion, {"flip": None}),
    ],
    ids=lambda value: getattr(value, "__name__", None) or "-".join(value),
)
def test_what_is_no_share_or_range(stage, wrong):
    (name,) = wrong
    with pytest.raises(ValueError, match=f"`{name}` is"):
        stage(**wrong)


def test_a_schedule_of_what_cannot_be():
    with pytest.raises(ValueError, match=r"`severity` is 1\.2"):
        SeveritySchedule(GridMask(), severity=(0.0, 1.2))
    with pytest.raises(ValueError, match="`probability` is -1"):
        SeveritySchedule(GridMask(), probability=(-1, 1))
    with pytest.raises(ValueError, match=r"factors of 1\.25 at most"):
        SeveritySchedule(GridMask(0.8), probability=(0.0, 2.0))
    schedule = SeveritySchedule(GridMask(0.7), probability=(0.3, 1 / 0.7))
    assert schedule.stage_at(60).probability == pytest.approx(1.0)

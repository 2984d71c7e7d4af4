"""Tracks get their people back, and it is told why."""

import numpy as np
import pytest

from keras_drop import Descriptors
from keras_drop.tracking import Follower, Limit, TrackletMemory

pytestmark = pytest.mark.backend_neutral

PEOPLE = np.eye(4)


def follow(steps, **switches):
    """Steps of (time, camera, {track: person}); a person below 0 is hidden."""
    follower = Follower(TrackletMemory(), Limit(0.5), **switches)
    for time, camera, tracks in steps:
        seen = Descriptors(
            PEOPLE[[abs(p) for p in tracks.values()]].reshape(-1, 1, 4),
            [[p >= 0] for p in tracks.values()],
        )
        follower.step(list(tracks), seen, time=time, camera=camera)
    return follower


def test_who_comes_back_goes_on_in_any_camera():
    follower = follow(
        [(t, "a", {"a1": 0, "a2": 1}) for t in range(4)]
        + [(t, "a", {"a3": 1}) for t in range(20, 24)]
        + [(t, "b", {"b1": 0, "b2": 2}) for t in range(30, 34)],
        decide_after=2,
    )
    people = {t: follower.person_of(t) for t in ("a2", "a3", "b1", "b2")}
    assert people == {"a2": "a2", "a3": "a2", "b1": "a1", "b2": "b2"}
    assert follower.memory.track_ids == ("a1", "a2", "b2")
    reasons = [one.reason for one in follower.decisions]
    assert reasons.count("same") == 2 and len(reasons) == 5


def test_a_short_track_is_decided_when_it_has_ended():
    steps = [(t, "a", {"a1": 0}) for t in range(4)]
    follower = follow([*steps, (9, "a", {"a2": 0})], decide_after=3)
    assert follower.person_of("a2") == "a2"
    later = Descriptors(PEOPLE[1:2].reshape(1, 1, 4))
    follower.step(["a3"], later, time=15, camera="a")
    assert follower.person_of("a2") == "a1"
    assert len(follower.decisions) == 2
    follower.finish()
    assert len(follower.decisions) == 3


def test_short_tracks_of_one_person_are_joined_at_the_end():
    steps = [(0, "a", {"a1": 0}), (1, "a", {"a2": 1}), (3, "a", {"a3": 0})]
    follower = follow(steps)
    assert not follower.decisions
    follower.finish()
    assert follower.person_of("a3") == "a1"
    assert follower.person_of("a2") == "a2"


def test_two_at_a_time_stay_two():
    follower = follow(
        [(t, "a", {"a1": 0, "a2": 0}) for t in range(4)], decide_after=2
    )
    assert follower.person_of("a2") == "a2"


def test_who_shows_nothing_is_told_so():
    steps = [(0, "a", {"a1": 0}), (9, "a", {"a2": -1})]
    follower = follow(steps, decide_after=1)
    assert [d.reason for d in follower.decisions][1:] == ["not comparable"]


def test_people_are_forgotten():
    steps = [(0, "a", {"a1": 0}), (99, "a", {"a2": 1}), (100, "a", {"a3": 0})]
    follower = follow(steps, decide_after=1, forget_after=50)
    assert follower.memory.track_ids == ("a2", "a3")
    assert follower.person_of("a3") == "a3"


@pytest.mark.parametrize(
    "wrong", [{"decide_after": 0}, {"lost_after": -1}, {"forget_after": -1}]
)
def test_impossible_numbers_are_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Follower(TrackletMemory(), Limit(1.0), **wrong)

import math

from keras_drop.checks import refuse_less_than_1, refuse_negative


class Follower:
    """Gives tracks their people back: who was lost and comes again, goes on.

    A tracker gives whoever comes out from behind a car a new number. Frame by
    frame this lets a `TrackletMemory` look at all tracks, and once a new one
    was seen often enough, or has ended, asks it who that is among all people
    known, of any camera. If somebody, the track is theirs from then on.

    Args:
        memory: `TrackletMemory`.
        limit: `Limit`: from where on a new track is nobody known.
        decide_after: Crops of a track after which it is decided who it is.
        lost_after: Time without a crop after which a track has ended.
        forget_after: Time after which people who were not seen are forgotten,
            also by the memory.

    Raises:
        ValueError: Numbers out of range.

    Example:
    >>> import numpy as np
    >>> from keras_drop import Descriptors
    >>> from keras_drop.tracking import Follower, Limit, TrackletMemory
    >>> follower = Follower(TrackletMemory(), Limit(0.5), decide_after=1)
    >>> person = Descriptors(np.eye(2)[:1])
    >>> follower.step([1], person, time=0)
    >>> follower.step([2], person, time=40)
    >>> follower.finish()
    >>> follower.person_of(2)
    1
    """

    def __init__(
        self, memory, limit, decide_after=5, lost_after=5, forget_after=math.inf
    ):
        refuse_less_than_1(decide_after=decide_after)
        refuse_negative(lost_after=lost_after)
        refuse_negative(forget_after=forget_after)
        self.memory, self.limit = memory, limit
        self.decide_after = decide_after
        self.lost_after, self.forget_after = lost_after, forget_after
        self.decisions = []
        self._person = {}
        self._crops = {}

    def step(
        self, track_ids, seen, boxes=None, time=None, scores=None, camera=""
    ):
        """Looks at one frame; arguments as of `TrackletMemory.update`.

        Tracks of several cameras need names of their own, such as `"door/7"`.
        """
        people = [self._person.get(track, track) for track in track_ids]
        self.memory.update(people, seen, boxes, time, scores, camera)
        for person, track in zip(people, track_ids):
            if track not in self._person:
                self._crops[person] = self._crops.get(person, 0) + 1
        if time is None:
            time = self.memory.updates
        self._decide(
            track
            for track, count in self._crops.items()
            if count >= self.decide_after
            or time - self.memory.last_seen(track) > self.lost_after
        )
        self.memory.forget(
            person
            for person in self.memory.track_ids
            if person not in self._crops
            and time - self.memory.last_seen(person) > self.forget_after
        )

    def finish(self):
        """Decides who the tracks are that were seen too seldom so far."""
        self._decide(list(self._crops))

    def person_of(self, track):
        """The track whose person this is, by now; itself if it is nobody's."""
        return self._person.get(track, track)

    def _decide(self, tracks):
        """In order of their beginning; those seen at a time are assigned.

        One that ended may be the beginning of another, so not all at once.
        """
        tracks = set(tracks)
        waiting = [t for t in self.memory.track_ids if t in tracks]
        while waiting:
            times = [self.memory.kept[track][1] for track in waiting]
            at_once = [one.at_once(times[0]) for one in times]
            self._assign([t for t, now in zip(waiting, at_once) if now])
            waiting = [t for t, now in zip(waiting, at_once) if not now]

    def _assign(self, tracks):
        people = [p for p in self.memory.track_ids if p not in self._crops]
        for found in self.memory.reidentify(people, tracks, self.limit):
            person = found.new if found.known is None else found.known
            self._person[found.new] = person
            if found.known is not None:
                self.memory.merge(person, found.new)
            del self._crops[found.new]
            self.decisions.append(found)

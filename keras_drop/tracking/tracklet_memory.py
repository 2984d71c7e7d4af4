import numpy as np

from keras_drop.checks import refuse_no_count
from keras_drop.descriptors import Descriptors
from keras_drop.evaluation.distance import Distance, check_distance
from keras_drop.tracking.memory_file import read_memory, write_memory
from keras_drop.tracking.part_views import PartViews
from keras_drop.tracking.reidentify import reidentify
from keras_drop.tracking.seen_times import SeenTimes
from keras_drop.tracking.seen_weights import seen_weights
from keras_drop.tracking.unknown_distances import unknown_distances


class TrackletMemory:
    """What tracks looked like, part by part, when each part was seen best.

    A tracker that compares a person with their last crop compares them with
    the obstacle that they went behind. This keeps of every part the views
    that showed it best, weighs them by how well they did, and compares over
    the parts that both sides have ever shown. A view counts by the visibility
    of the part, times the share of its box that no nearer box covers, times
    the detector's score, where these are given.

    The memory of a track does not grow: `num_views` embeddings a part, 60 kB
    with 5 parts of 512 values and 6 views. It is NumPy, whatever embedded.

    Args:
        embed: Function of a list of `(height, width, 3)` uint8 RGB crops that
            returns their `Descriptors`, such as `model.embed`. Not needed by
            who gives `Descriptors`.
        num_views: Views of a part that are kept of a track.
        distance: `Distance` of two tracks.

    Raises:
        ValueError: Fewer than one view, or what is no `Distance`.

    Example:
    >>> import numpy as np
    >>> from keras_drop import Descriptors
    >>> from keras_drop.tracking import Limit, TrackletMemory
    >>> memory = TrackletMemory()
    >>> people = np.eye(4, dtype="float32").reshape(2, 2, 4)
    >>> memory.update([1, 2], Descriptors(people), time=0)
    >>> memory.update([1], Descriptors(people[1:], [[0, 0]]), time=1)
    >>> later = Descriptors(people[:1], [[True, False]])
    >>> memory.cost_matrix([1, 2], later).astype(int).tolist()
    [[0], [1]]
    >>> print(*memory.reidentify([1, 2], later, Limit(0.5)))
    0 is 1: distance 0.000 over embedding_0
    """

    def __init__(self, embed=None, *, num_views=6, distance=Distance()):
        refuse_no_count(num_views=num_views)
        check_distance(distance)
        self.embed = embed
        self.num_views = num_views
        self.distance = distance
        self.part_names = None
        self.updates = 0
        self.kept = {}  # Of each track its `PartViews` and `SeenTimes`.

    def __len__(self):
        return len(self.kept)

    def __contains__(self, track):
        return track in self.kept

    @property
    def track_ids(self):
        """The tracks, in the order in which they came."""
        return tuple(self.kept)

    def last_seen(self, track):
        """The time of the last crop of a track."""
        self._check([track])
        return self.kept[track][1].last

    def update(
        self, track_ids, seen, boxes=None, time=None, scores=None, camera=""
    ):
        """Looks at the people of one frame.

        Args:
            track_ids: Whose crops these are: whole numbers or strings. New
                ones begin a track.
            seen: `Descriptors` of the crops, or the crops.
            boxes: `(num_crops, 4)` left, top, right, bottom, or what has them
                as `xyxy`. Who stands nearer, ends lower, and covers.
            time: Number, such as that of the frame; left out, that of the
                update. Of a track at one camera it does not fall.
            scores: `(num_crops,)` of the detector, from 0 to 1.
            camera: Name or number of the camera. Two tracks that one camera
                saw at a time are never the same person.

        Raises:
            ValueError: Not as many of one as of the other, descriptors with
                other parts than those before, or a time that is not finite,
                or falls; nothing is kept then.
        """
        seen = self._described(seen)
        tracks = [_plain(track) for track in track_ids]
        if len(tracks) != len(seen):
            raise ValueError(
                f"There are {len(tracks)} tracks and {len(seen)} crops; each "
                "crop is of one track."
            )
        weights, camera = seen_weights(seen, boxes, scores), _plain(camera)
        time = float(self.updates + 1 if time is None else time)
        self._check_time(tracks, time, camera)
        self.updates += 1
        for row, track in enumerate(tracks):
            if track not in self.kept:
                parts, dim = seen.embeddings.shape[1:]
                views = PartViews(parts, self.num_views, dim)
                self.kept[track] = views, SeenTimes()
            views, times = self.kept[track]
            views.add(seen.embeddings[row], weights[row], time)
            times.add(camera, time, time)

    def descriptors(self, track_ids=None):
        """`Descriptors` of tracks, in their order; left out, of all.

        An embedding is the mean of the views of a part, its visibility that
        of the best of them.

        Raises:
            ValueError: A track that is not known, or none at all.
        """
        tracks = self.track_ids if track_ids is None else tuple(track_ids)
        self._check(tracks)
        if not tracks:
            raise ValueError("There is no track to describe.")
        means, visibility = zip(*(self.kept[t][0].mean() for t in tracks))
        return Descriptors(
            np.stack(means), np.stack(visibility), self.part_names
        )

    def cost_matrix(self, tracks, detections):
        """How far tracks and detections are apart: for a tracker to assign.

        Args:
            tracks: Known tracks.
            detections: `Descriptors`, crops, or known tracks.

        Returns:
            `(num_tracks, num_detections)` float32. NaN is "unknown": the two
            have no part in common, which is no reason for them nor against.

        Raises:
            ValueError: A track that is not known, or other parts.
        """
        tracks, (others, _) = tuple(tracks), self._side(detections)
        if not tracks or not len(others):
            return np.zeros((len(tracks), len(others)), "float32")
        known = self.descriptors(tracks)
        return unknown_distances(known, others, self.distance)

    def reidentify(self, lost, new, limit):
        """Who new tracks or detections are, all at once, or nobody known.

        Nothing in the memory changes; `merge` says that it believes it.

        Args:
            lost: Known tracks that they may be.
            new: Known tracks, `Descriptors`, or crops.
            limit: `Limit`: from where on it is nobody known.

        Returns:
            List of `Reidentification`, one for each of `new`. Two tracks that
            one camera saw at a time are never the same person, and no two of
            `new` are the same one of `lost`.

        Raises:
            ValueError: A track that is not known, or other parts.
        """
        lost, (described, names) = tuple(lost), self._side(new)
        if not len(described):
            return []
        self._check(lost)
        possible = np.ones((len(names), len(lost)), bool)
        for column, known in enumerate(lost):
            times = self.kept[known][1]
            for row, name in enumerate(names):
                # The rows of descriptors have no times.
                if not isinstance(name, _Row):
                    clash = times.at_once(self.kept[name][1])
                    possible[row, column] = not clash
        sides = described, self.descriptors(lost) if lost else described[:0]
        return reidentify(*sides, (names, lost), possible, self.distance, limit)

    def merge(self, known, new):
        """The second track is the first one: its views go over to it."""
        self._check([known, new])
        if known == new:
            raise ValueError(f"{known} is {new} already.")
        for kept, further in zip(self.kept[known], self.kept.pop(new)):
            kept.merge(further)

    def forget(self, track_ids):
        """Takes tracks out; nothing of them stays."""
        track_ids = tuple(track_ids)
        self._check(track_ids)
        for track in track_ids:
            del self.kept[track]

    def save(self, path):
        """Writes a `.npz` file that `load` reads, whole or not at all.

        Raises:
            ValueError: Tracks or cameras that are neither whole numbers nor
                strings.
        """
        write_memory(path, self)

    @classmethod
    def load(cls, path, embed=None):
        """Reads what `save` wrote; nothing in it is executed.

        Raises:
            FileNotFoundError: There is no such file.
            ValueError: Something else wrote it.
        """
        told, kept = read_memory(path)
        memory = cls(
            embed, num_views=told["num_views"], distance=told["distance"]
        )
        names = told["part_names"]
        memory.part_names = None if names is None else tuple(names)
        memory.updates, memory.kept = told["updates"], kept
        return memory

    def _check(self, tracks):
        for track in tracks:
            if track not in self.kept:
                raise ValueError(f"There is no track {track!r} in the memory.")

    def _check_time(self, tracks, time, camera):
        if not np.isfinite(time):
            raise ValueError(f"`time` is a finite number; it is {time}.")
        for track in self.kept.keys() & set(tracks):
            _, last = self.kept[track][1].cameras.get(camera, (time, time))
            if last > time:
                raise ValueError(
                    f"The camera {camera!r} saw track {track!r} at {last} "
                    f"last, and `time` is {time}: give frames in their order, "
                    "and a video of its own another `camera`."
                )

    def _side(self, new):
        """`Descriptors` and names of tracks, of crops, or of `Descriptors`."""
        is_described = isinstance(new, Descriptors)
        new = new if is_described else list(new)
        if is_described or (new and np.ndim(new[0]) == 3):
            new = self._described(new)
            return new, tuple(map(_Row, range(len(new))))
        return (self.descriptors(new) if new else new), tuple(new)

    def _described(self, seen):
        if not isinstance(seen, Descriptors):
            if self.embed is None:
                raise ValueError(
                    "A memory that is given crops needs `embed`, such as "
                    "`TrackletMemory(model.embed)`."
                )
            if not len(seen):
                return Descriptors(np.zeros((0, 1, 1)))
            seen = self.embed(list(seen))
        if len(seen):
            self.part_names = self.part_names or seen.names
            if seen.names != self.part_names:
                raise ValueError(
                    f"The memory has the embeddings "
                    f"{', '.join(self.part_names)}; these descriptors have "
                    f"{', '.join(seen.names)}. One model makes both."
                )
            for views, _ in self.kept.values():
                (*_, dim), given = views.embeddings.shape, seen.embeddings.shape
                if given[2] != dim:
                    raise ValueError(
                        f"The memory has embeddings of {dim} values; these "
                        f"have {given[2]}. One model makes both."
                    )
                break
        return seen


class _Row(int):
    """Number of a row, which is no track even if one has that number."""


def _plain(track):
    """A track or camera as Python's own number or string."""
    return track.item() if isinstance(track, np.generic) else track

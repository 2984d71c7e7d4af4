import dataclasses
import threading

import numpy as np

from keras_drop.evaluation.distances.part_distances import (
    LARGEST_DISTANCE,
    PartDistances,
)
from keras_drop.evaluation.distances.part_factors import FAINTEST_VISIBILITY
from keras_drop.evaluation.distances.streaming import stream_distances
from keras_drop.evaluation.protocol import check_camera_mode

_NUM_BINS = 4096
# Less than usual: of each distance a number of eight bytes is made.
_GALLERY_CHUNK = 16_384


@dataclasses.dataclass(frozen=True, eq=False)
class PairCounts:
    """How many pairs of images there are, by shared parts and distance.

    Args:
        sets: `(num_sets, parts)` bool, the sets of parts that pairs share,
            none of them empty.
        distances: `(num_bins,)` the middle of each step of the distance.
        same: `(num_sets, num_bins)` number of pairs of the same person.
        different: `(num_sets, num_bins)` number of pairs of different people.
        num_not_comparable: Number of both without a common part.
    """

    sets: np.ndarray
    distances: np.ndarray
    same: np.ndarray
    different: np.ndarray
    num_not_comparable: tuple

    def weights(self, prior):
        """What a pair of either kind counts if `prior` of all are the same."""
        share = self.same.sum() / (self.same.sum() + self.different.sum())
        return prior / share, (1 - prior) / (1 - share)


def count_pairs(both, distance, camera_mode):
    """`PairCounts` of all pairs but junk; the distances are never held.

    Args:
        both: `Comparison`.
        distance: `Distance`, over the parts that both images show.
        camera_mode: As in `Protocol`: which pairs are junk.

    Raises:
        ValueError: A distance over other parts, an unknown camera mode, or no
            comparable pair of the same person, or of different people.
    """
    if distance.combine != "visibility_mean":
        raise ValueError(
            "A verdict is over the parts that both images show: the distance "
            'has `combine="visibility_mean"`, not '
            f"{distance.combine!r}."
        )
    check_camera_mode(camera_mode)
    people = both.query_records.identities
    other_people = both.gallery_records.identities
    kept = np.flatnonzero(people != -1)
    others = np.flatnonzero(other_people != -1)
    if not len(kept) or not len(others):
        raise _too_few(0, 0)
    pattern, patterns = _patterns(both.query.visibility[kept])
    other_pattern, other_patterns = _patterns(both.gallery.visibility[others])
    shared = patterns[:, None] & other_patterns[None]
    sets, set_of = np.unique(
        shared.reshape(-1, shared.shape[2]), axis=0, return_inverse=True
    )
    set_of = set_of.reshape(shared.shape[:2])
    labels, other_labels = both.junk_labels(camera_mode)
    distances = PartDistances(both.query, both.gallery, kept, others, distance)
    width = LARGEST_DISTANCE[distance.metric] / _NUM_BINS
    counts = np.zeros((2, len(sets) * _NUM_BINS), "int64")
    lock = threading.Lock()

    def start(rows):
        def add(block, first):
            columns = slice(first, first + block.shape[1])
            number = np.clip(block / width, 0, _NUM_BINS - 1).astype("int64")
            number += (
                set_of[pattern[rows]][:, other_pattern[columns]] * _NUM_BINS
            )
            seen, chosen = kept[rows][:, None], others[columns]
            same = people[seen] == other_people[chosen]
            different = ~same
            same &= labels[seen] != other_labels[chosen]
            found = [
                np.bincount(number[mask], minlength=counts.shape[1])
                for mask in (same, different)
            ]
            with lock:
                counts[:] += found

        return add

    stream_distances(distances, start, _GALLERY_CHUNK)
    return _checked(sets, width, counts.reshape(2, len(sets), _NUM_BINS))


def _patterns(visibility):
    """Which of the different rows each row is, and these rows."""
    rows, number = np.unique(
        visibility >= FAINTEST_VISIBILITY, axis=0, return_inverse=True
    )
    return number.reshape(-1), rows


def _checked(sets, width, counts):
    comparable = sets.any(axis=1)
    totals = counts[:, comparable].sum(axis=(1, 2))
    if not totals.all():
        raise _too_few(*totals)
    return PairCounts(
        sets[comparable],
        (np.arange(_NUM_BINS) + 0.5) * width,
        *counts[:, comparable],
        tuple(map(int, counts[:, ~comparable].sum(axis=(1, 2)))),
    )


def _too_few(num_same, num_different):
    return ValueError(
        "Probabilities need pairs of the same person and of different people "
        f"that have a part in common; there are {num_same} and "
        f"{num_different}. Check that query and gallery belong together, and "
        'their cameras; without cameras use `camera_mode="none"`.'
    )

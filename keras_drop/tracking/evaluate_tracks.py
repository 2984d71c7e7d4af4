import numpy as np
from scipy.optimize import linear_sum_assignment

from keras_drop.checks import refuse_less_than_1, refuse_outside
from keras_drop.tracking.box_overlap import box_overlap


def evaluate_tracks(truth, found, *, min_overlap=0.5, min_gap=10):
    """How well people keep their number, over one camera or several.

    Boxes of a frame are assigned by their overlap. Then, in order of time,
    over all cameras, whose frames are of one clock:

    - `switches`: how often a person has another number than when last found.
    - `returns`: how often a person is found again after `min_gap` frames
      or more, or by another camera; `refound` is the share of those in which
      the number is the one from before.
    - `IDF1`, `IDP`, `IDR`: after the one assignment of people and numbers
      that explains most boxes, the share of true and of found boxes that it
      explains.
    - `tracks`, `people`, `boxes`: numbers given, people there are, true boxes.
    - `found`: share of the true boxes that have a found one.

    Args:
        truth: List of `Boxes`, one for each camera: the tracks are the people.
            Frames of a single camera may be files, in order of their names.
        found: List of `Boxes`, with the tracks that were given. A box without
            a track counts as found by nobody's number.
        min_overlap: Intersection over union of the same person.
        min_gap: Frames.

    Returns:
        Dictionary of floats. `refound` is NaN if nobody comes back.

    Raises:
        ValueError: Not as many cameras of one as of the other, frames that
            are files in one and numbers in the other, or files of several
            cameras.

    Example:
    >>> from keras_drop.data import Boxes
    >>> from keras_drop.tracking import evaluate_tracks
    >>> place = [[0, 0, 9, 20]] * 2
    >>> truth = Boxes([1, 20], place, tracks=["anna"] * 2)
    >>> found = Boxes([1, 20], place, tracks=["1", "2"])
    >>> evaluate_tracks([truth], [found])["refound"]
    0.0

    Reference:
        [Ristani et al., 2016](https://arxiv.org/abs/1609.01775)
    """
    refuse_outside(0, 1, min_overlap=min_overlap)
    refuse_less_than_1(min_gap=min_gap)
    if len(truth) != len(found):
        raise ValueError(
            f"There are true boxes of {len(truth)} cameras and found ones of "
            f"{len(found)}."
        )
    _check_frames([*truth, *found], len(truth))
    pairs = sorted(
        (frame, camera, person, track)
        for camera, (true, given) in enumerate(zip(truth, found))
        for frame, person, track in _pairs(true, given, min_overlap)
    )
    num_true, num_found = (sum(map(len, side)) for side in (truth, found))
    explained = _explained([p[2:] for p in pairs])
    return {
        **_in_time(pairs, min_gap),
        "IDF1": 2 * explained / max(num_true + num_found, 1),
        "IDP": explained / max(num_found, 1),
        "IDR": explained / max(num_true, 1),
        "tracks": float(_num_names(found)),
        "people": float(_num_names(truth)),
        "boxes": float(num_true),
        "found": len(pairs) / max(num_true, 1),
    }


def match_boxes(truth, found, min_overlap=0.5):
    """`(num_found,)` row of the true box of each found one, `-1` for none.

    Args:
        truth: `Boxes`.
        found: `Boxes` of the same frames.
        min_overlap: Intersection over union of the same person.
    """
    rows = np.full(len(found), -1)
    for frame in np.unique(found.frames).tolist():
        theirs, ours = found.rows_of(frame), truth.rows_of(frame)
        overlap = box_overlap(truth.boxes[ours], found.boxes[theirs])
        # One that does not count takes no box from one that does.
        overlap = np.where(overlap >= min_overlap, overlap, 0)
        for one, two in zip(*linear_sum_assignment(-overlap)):
            if overlap[one, two] > 0:
                rows[theirs[two]] = ours[one]
    return rows


def _check_frames(sides, num_cameras):
    """Refuses frames of which nobody knows how far they are apart."""
    # No boxes name nothing.
    names_files = {side.names_files for side in sides if len(side)}
    if len(names_files) > 1:
        raise ValueError(
            "Some boxes name files, others number frames: they have no frame "
            "in common. Give both the same."
        )
    if num_cameras > 1 and True in names_files:
        raise ValueError(
            f"The boxes of {num_cameras} cameras name files, which do not say "
            "what was at the same time. Number the frames."
        )


def _pairs(truth, found, min_overlap):
    rows = match_boxes(truth, found, min_overlap)
    numbers = truth.frames
    if truth.names_files:
        # Files have an order, which says how many lie between.
        both = np.unique([*truth.frames.tolist(), *found.frames.tolist()])
        numbers = np.searchsorted(both, truth.frames)
    for theirs in np.flatnonzero(rows >= 0):
        yield (
            numbers[rows[theirs]].item(),
            str(truth.tracks[rows[theirs]]),
            str(found.tracks[theirs]),
        )


def _in_time(pairs, min_gap):
    before, switches, returns, refound = {}, 0, 0, 0
    for frame, camera, person, track in pairs:
        if person in before:
            last, place, number = before[person]
            same = track == number and track != ""
            switches += not same
            if camera != place or frame - last >= min_gap:
                returns += 1
                refound += same
        before[person] = frame, camera, track
    return {
        "switches": float(switches),
        "returns": float(returns),
        "refound": refound / returns if returns else float("nan"),
    }


def _explained(pairs):
    """Boxes of the assignment of people and tracks that explains most."""
    pairs = [pair for pair in pairs if pair[1]]
    if not pairs:
        return 0
    people, tracks = (
        np.unique(side, return_inverse=True)[1] for side in zip(*pairs)
    )
    counts = np.zeros((people.max() + 1, tracks.max() + 1))
    np.add.at(counts, (people, tracks), 1)
    return int(counts[linear_sum_assignment(-counts)].sum())


def _num_names(sides):
    return len({name for side in sides for name in side.tracks.tolist()} - {""})

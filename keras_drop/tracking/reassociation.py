"""The same person some frames later: what an encoder is worth to a tracker."""

import dataclasses

import numpy as np

from keras_drop.data.reading.images import read_image
from keras_drop.descriptors import Descriptors
from keras_drop.evaluation.distance import Distance, check_distance
from keras_drop.evaluation.groups.markdown import markdown_table
from keras_drop.tracking.frame_encoder import as_descriptors
from keras_drop.tracking.unknown_distances import unknown_distances

_CROPS = 64


@dataclasses.dataclass(frozen=True)
class Reassociation:
    """Of people who are looked for among all of a later frame.

    Args:
        gap: Frames that lie between.
        visible: Least and largest share that is in sight, of the crop of the
            two that shows less.
        right: Share of them who are nearest to themselves.
        unknown: Share of them who have no part in common with themselves.
        chance: Share of them who would be right by chance.
        num: How many they are.
    """

    gap: int
    visible: tuple
    right: float
    unknown: float
    chance: float
    num: int


def reassociation(
    encoder, records, gaps=(10,), levels=(0, 0.5, 0.8, 1), distance=Distance()
):
    """How often the same person is found again, by how much is in sight.

    Everybody of a frame who is also there `gap` frames later is looked for
    among all people of that frame of the same camera, at least two; alone
    somebody is no question. Those of identity `-1`, who may be several
    people, are not looked for, but are among those one looks at. Nearest is
    who is nearer than all others; those who share no part are not looked at,
    and if that is the person, it is a miss. Frames are those of the camera
    that show somebody.

    Args:
        encoder: Function of a list of `(height, width, 3)` uint8 RGB crops
            that returns `Descriptors` or `(crops, dim)` vectors: a model's
            `embed`, or anybody's. Or the `Descriptors` of the records.
        records: `Records` of crops with the column `time`, and, if known,
            `visibility`, such as `keras-drop crop` makes.
        gaps: Numbers of frames.
        levels: Bounds of the shares in sight. Without a column `visibility`,
            or where it is NaN, all are in the last.
        distance: `Distance`.

    Returns:
        List of `Reassociation`: a row for each gap and level that has people.

    Raises:
        ValueError: Records without `time`, or not one descriptor for each.

    Example:
    >>> import numpy as np
    >>> from keras_drop import Descriptors, Records
    >>> from keras_drop.tracking import reassociation
    >>> records = Records([""] * 4, [7, 9, 7, 9], [0] * 4, time=[0, 0, 1, 1])
    >>> crops = Descriptors(np.eye(2)[[0, 1, 0, 1]])
    >>> found, = reassociation(crops, records, gaps=[1])
    >>> found.right, found.chance, found.num
    (1.0, 0.5, 2)
    """
    check_distance(distance)
    if "time" not in records.column_names:
        raise ValueError(
            "Records need a column `time`, the number of the frame; they have "
            f"{', '.join(records.column_names)}."
        )
    described = _described(encoder, records.paths)
    if len(described) != len(records):
        raise ValueError(
            f"There are {len(described)} descriptors and {len(records)} "
            "records; they describe the same crops, row by row."
        )
    shown = np.full(len(records), float(levels[-1]))
    if "visibility" in records.column_names:
        known = np.asarray(records.visibility, "float64")
        shown = np.where(np.isnan(known), shown, known)
    rows = []
    for gap in gaps:
        found = np.array(list(_looked_for(described, records, gap, distance)))
        if not len(found):
            continue
        pair, answers = found[:, :2].astype(int), found[:, 2:]
        level = _level(shown[pair].min(axis=1), levels)
        for k in np.unique(level):
            some = answers[level == k]
            rows.append(
                Reassociation(
                    gap,
                    (levels[k], levels[k + 1]),
                    *(float(share) for share in some.mean(axis=0)),
                    len(some),
                )
            )
    return rows


def reassociation_table(rows_by_name):
    """Markdown table of several encoders.

    Args:
        rows_by_name: Dictionary from the name of an encoder to what
            `reassociation` returned.

    Returns:
        String.
    """
    lines = [["encoder", "frames later", "in sight", "right", "chance", "num"]]
    lines += [
        [
            name,
            str(row.gap),
            f"{100 * row.visible[0]:.0f}-{100 * row.visible[1]:.0f} %",
            f"{100 * row.right:.1f}",
            f"{100 * row.chance:.1f}",
            str(row.num),
        ]
        for name, rows in rows_by_name.items()
        for row in rows
    ]
    return markdown_table(lines, 1)


def _described(encoder, paths):
    if isinstance(encoder, Descriptors):
        return encoder
    some = [
        as_descriptors(
            encoder([read_image(path) for path in paths[start:][:_CROPS]])
        )
        for start in range(0, len(paths), _CROPS)
    ]
    return Descriptors(
        np.concatenate([d.embeddings for d in some]),
        np.concatenate([d.visibility for d in some]),
        some[0].names,
    )


def _looked_for(described, records, gap, distance):
    """Row, later row, whether right, whether unknown, chance."""
    for camera in np.unique(records.cameras):
        here = np.flatnonzero(records.cameras == camera)
        _, moment = np.unique(records.time[here], return_inverse=True)
        for first in range(int(moment.max(initial=-1)) + 1 - gap):
            rows, later = (
                here[moment == number] for number in (first, first + gap)
            )
            rows = rows[records.identities[rows] != -1]
            later_people = records.identities[later]
            if (
                len(later) < 2
                or not np.isin(records.identities[rows], later_people).any()
            ):
                continue
            found = unknown_distances(
                described[rows], described[later], distance
            )
            for row, distances in zip(rows, found):
                own = np.flatnonzero(later_people == records.identities[row])
                if len(own):
                    own = own[0]
                    others = np.delete(distances, own)
                    others = np.where(np.isnan(others), np.inf, others)
                    # A comparison with NaN is false.
                    right = distances[own] < others.min()
                    unknown = np.isnan(distances[own])
                    yield row, later[own], right, unknown, 1 / len(later)


def _level(shares, levels):
    return np.clip(
        np.searchsorted(levels, shares, side="right") - 1, 0, len(levels) - 2
    )

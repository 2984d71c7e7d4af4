import dataclasses

import numpy as np


@dataclasses.dataclass(frozen=True, eq=False)
class Positives:
    """How far the positives of one query are, and what is not to be ranked.

    Args:
        start: Where the images of the query's identity start in the sorted
            gallery.
        end: Where they end.
        junk: Places of those that are junk.
        values: `(n,)` distances of the others, the positives, ascending.
        rows: `(n,)` their rows in the gallery; equal distances in the order
            of the gallery.
    """

    start: int
    end: int
    junk: np.ndarray
    values: np.ndarray
    rows: np.ndarray


def find_positives(distances, matches, rows):
    """`Positives` of some queries, which are rows of `matches`."""
    slices = [np.arange(matches.starts[row], matches.ends[row]) for row in rows]
    columns = np.unique(np.concatenate(slices))
    block = distances.block(rows, columns)
    return [
        _positives(
            values[np.searchsorted(columns, places)],
            places,
            matches.positives[row],
            matches,
            row,
        )
        for row, places, values in zip(rows, slices, block)
    ]


def first_beaten(positives, values, rows, ties):
    """Which positives some gallery images are ahead of: all from one on.

    Args:
        positives: `Positives` of a query.
        values: `(m,)` distances of the images to the query.
        rows: `(m,)` rows of the images in the gallery.
        ties: Whether an image at the distance of a positive is ahead of it:
            `"pessimistic"` yes, `"optimistic"` no, `"stable"` if it stands
            earlier in the gallery.

    Returns:
        `(m,)` integers, the first positive that the image is ahead of, the
        number of positives where there is none.
    """
    side = "right" if ties == "optimistic" else "left"
    first = np.searchsorted(positives.values, values, side)
    if ties != "stable" or not len(positives.values):
        return first
    # Of equal distances, the place in the gallery decides: bisect by both.
    level = np.searchsorted(positives.values, positives.values, "left")
    stride = max(rows.max(initial=0), positives.rows.max()) + 1
    tied = positives.values[np.minimum(first, len(level) - 1)] == values
    first[tied] = np.searchsorted(
        level * stride + positives.rows, first[tied] * stride + rows[tied]
    )
    return first


def _positives(values, places, positive, matches, row):
    rows = matches.gallery_order[places[positive]]
    order = np.lexsort((rows, values[positive]))
    return Positives(
        matches.starts[row],
        matches.ends[row],
        places[~positive],
        values[positive][order],
        rows[order],
    )

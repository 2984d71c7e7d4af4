import dataclasses

import numpy as np


@dataclasses.dataclass(frozen=True, eq=False)
class Matches:
    """Which gallery images are a query's positives, and which are junk.

    The gallery is sorted by identity, so that the images of one person are a
    slice of it. Junk is never ranked: identity `-1`, and, with real cameras,
    images of the query's identity from the query's camera.

    Args:
        gallery_order: `(m,)` rows of the gallery, sorted by identity, those
            of identity `-1` left out.
        identity_borders: `(num_identities + 1,)` where in `gallery_order`
            the identities start, and the last one ends.
        query_order: `(n,)` rows of the queries, sorted by identity.
        starts: `(n,)` where in `gallery_order` the query's identity starts.
        ends: `(n,)` where it ends.
        positives: `n` bool arrays of `ends - starts` entries, false for junk.
        num_without_identity: Queries of whose identity the gallery has no
            image.
        num_lost_to_junk: Queries whose matches are all junk.
    """

    gallery_order: np.ndarray
    identity_borders: np.ndarray
    query_order: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    positives: list
    num_without_identity: int
    num_lost_to_junk: int


def find_matches(
    query_records, gallery_records, camera_mode, with_matchless=False
):
    """`Matches` of two `Records`.

    Args:
        query_records: `Records` of the queries.
        gallery_records: `Records` of the gallery.
        camera_mode: Whether the cameras are real.
        with_matchless: If true, queries without a positive stay; those of
            identity `-1` do not.

    Raises:
        ValueError: No query has a positive; the message tells why.
    """
    gallery_order = np.argsort(gallery_records.identities, kind="stable")
    gallery_order = gallery_order[
        gallery_records.identities[gallery_order] != -1
    ]
    identities = gallery_records.identities[gallery_order]
    cameras = gallery_records.cameras[gallery_order]
    starts = np.searchsorted(identities, query_records.identities, "left")
    ends = np.searchsorted(identities, query_records.identities, "right")
    positives = [
        np.ones(end - start, bool)
        if camera_mode != "real"
        else cameras[start:end] != camera
        for start, end, camera in zip(starts, ends, query_records.cameras)
    ]
    counted = np.array([row.any() for row in positives], bool)
    missing = starts == ends
    if not counted.any():
        people = query_records.identities
        raise ValueError(
            f"None of the {len(people)} queries has a match in the gallery. "
            f"{len(np.unique(people[missing]))} identities "
            f"({missing.sum()} queries) have no gallery image at all; "
            f"{len(np.unique(people[~missing]))} identities "
            f"({(~missing).sum()} queries) lose all of theirs to the junk "
            "rule, which drops those of the query's own camera. Check that "
            "query and gallery belong together, and their cameras; without "
            'cameras use `camera_mode="none"`.'
        )
    kept = query_records.identities != -1 if with_matchless else counted
    order = np.argsort(query_records.identities, kind="stable")
    order = order[kept[order]]
    return Matches(
        gallery_order,
        np.append(
            np.flatnonzero(np.diff(identities, prepend=-1)), len(identities)
        ),
        order,
        starts[order],
        ends[order],
        [positives[row] for row in order],
        int(missing.sum()),
        int((~counted & ~missing).sum()),
    )

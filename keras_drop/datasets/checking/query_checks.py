"""Whether every query can be found, and does not find itself."""

import collections

import numpy as np

from keras_drop.datasets.checking.finding import Finding, called


def check_queries(query, gallery, contents):
    """Findings on queries and gallery.

    Args:
        query: `Records`.
        gallery: `Records`.
        contents: A hash of the content of every image by its path, `None` for
            those that cannot be read.

    Returns:
        Iterator of `Finding`.
    """
    lonely = _without_positive(query, gallery)
    doubled = _doubled(query, contents)
    same_file, not_junk = _in_gallery(query, gallery, contents)
    if doubled:
        yield Finding(
            "error",
            "duplicate_query",
            f"{len(doubled)} query files have the content of another one.",
            "Remove them: what they find would count twice.",
            tuple(doubled),
        )
    if lonely.any():
        yield Finding(
            "error",
            "no_positive",
            *_describe_lonely(query, gallery, lonely),
            tuple(query.paths[lonely].tolist()),
        )
    if same_file:
        yield Finding(
            "note",
            "query_in_gallery",
            f"{len(same_file)} of {len(query)} query files are gallery files "
            "too. Without the junk rule each would find itself.",
            "Evaluate with the junk rule, `camera_mode` real.",
            tuple(same_file),
        )
    if not_junk:
        yield Finding(
            "warning",
            "query_in_gallery",
            f"{len(not_junk)} query files are in the gallery under another "
            "identity or camera, where the junk rule leaves them.",
            "Give both the same identity and camera, or remove one.",
            tuple(not_junk),
        )


def _without_positive(query, gallery):
    """For every query, whether the gallery has no positive."""
    cameras_of = collections.defaultdict(set)
    for identity, camera in zip(gallery.identities, gallery.cameras):
        if identity != -1:
            cameras_of[identity].add(camera)
    return np.array(
        [
            not cameras_of[identity] - {camera}
            for identity, camera in zip(query.identities, query.cameras)
        ],
        bool,
    )


def _describe_lonely(query, gallery, lonely):
    """Which people cannot be found and why, and what to do."""
    absent = lonely & ~np.isin(query.identities, gallery.identities)
    lost = lonely & ~absent
    reasons = []
    if absent.any():
        reasons.append(
            f"{_people(called(query)[absent])} have no gallery image"
        )
    if lost.any():
        reasons.append(
            f"{_people(called(query)[lost])} have some of the query's own "
            "camera only, which the junk rule leaves out"
        )
    mend = "Add gallery images of them, or leave these queries out."
    if lost.any() and lost.sum() == len(query) - absent.sum():
        mend = (
            "As the junk rule leaves nobody, the camera is probably read from "
            "the wrong part of the name, or there are no cameras: then say "
            "so, `camera_mode` none."
        )
    return (
        f"{lonely.sum()} of {len(query)} queries cannot be found: "
        f"{'; '.join(reasons)}.",
        mend,
    )


def _people(identities, shown=10):
    identities = np.unique(identities)
    names = [str(identity) for identity in identities[:shown]]
    if len(identities) > shown:
        names.append("…")
    return f"{len(identities)} identities ({', '.join(names)})"


def _doubled(query, contents):
    seen, doubled = set(), []
    for path in query.paths:
        if contents[path] in seen:
            doubled.append(path)
        elif contents[path] is not None:
            seen.add(contents[path])
    return doubled


def _in_gallery(query, gallery, contents):
    """Queries that are gallery files, and those the junk rule leaves there."""
    rows_of = collections.defaultdict(list)
    for row, path in enumerate(gallery.paths):
        if contents[path] is not None:
            rows_of[contents[path]].append(row)
    same_file, not_junk = [], []
    for path, identity, camera in zip(
        query.paths, query.identities, query.cameras
    ):
        rows = rows_of.get(contents[path], [])
        junk = (gallery.identities[rows] == identity) & (
            gallery.cameras[rows] == camera
        )
        if rows:
            same_file.append(path)
        if not np.all(junk):
            not_junk.append(path)
    return same_file, not_junk

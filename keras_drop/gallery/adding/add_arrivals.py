"""Arrivals become rows of the store."""

import json

import numpy as np

from keras_drop.gallery.storing.described import described_rows


def add_arrivals(store, about, some, embed):
    """Writes what is new of some images, as a whole or not at all.

    Args:
        store: `Store`.
        about: What is known about the gallery.
        some: `Arrivals`.
        embed: Function from a list of images to their `Descriptors`.

    Returns:
        `(n,)` numbers of the images.

    Raises:
        ValueError: Descriptors that do not fit, or another identity of an
            image that is there.
    """
    contents = [row["content"] for row in some.rows]
    known = store.known(contents)
    new, identities = {}, {}
    for place, row in enumerate(some.rows):
        content, identity = row["content"], row["identity"]
        _, before = known.get(content, (None, None))
        before = identities.get(content, before)
        if identity is not None and before not in (None, identity):
            raise ValueError(
                f"This image is in the gallery as {before!r}, and comes as "
                f"{identity!r}{_where(row, place)}. Remove it first, or tell "
                "the two apart by a column."
            )
        identities[content] = before if identity is None else identity
        if content not in known:
            new.setdefault(content, place)
    places = list(new.values())
    if places:
        if some.descriptors is not None:
            descriptors = some.descriptors[places]
        else:
            descriptors = embed([some.photos[place] for place in places])
        check_model(about, descriptors)
        about = {**about, **_parts(descriptors)}
        described = described_rows(descriptors, about["precision"])
    rows = []
    for k, place in enumerate(places):
        row = dict(some.rows[place])
        row["identity"] = identities[row["content"]]
        row.update(described[k])
        rows.append(row)
    named = [
        (identities[content], known[content][0])
        for content in known
        if identities[content] != known[content][1]
    ]
    names = {name for row in rows for name in json.loads(row["columns"])}
    about = {
        **about,
        "column_names": sorted({*about["column_names"], *names}),
    }
    if rows or named:
        store.add(rows, named, about)
        known = store.known(contents)
    return np.array([known[content][0] for content in contents], "int64")


def check_model(about, descriptors):
    """Refuses descriptors that are not of the gallery's model.

    Raises:
        ValueError: Other parts, or embeddings of another length.
    """
    names, size = about["part_names"], about["embedding_size"]
    given = _parts(descriptors)
    if names is not None and names != given["part_names"]:
        raise ValueError(
            f"The gallery has the embeddings {', '.join(names)}; these are "
            f"{', '.join(descriptors.names)}, of another model. Embed them "
            "by the gallery's."
        )
    if size is not None and size != given["embedding_size"]:
        raise ValueError(
            f"The embeddings of the gallery have {size} values; these have "
            f"{given['embedding_size']}, of another model. Embed them by the "
            "gallery's."
        )


def _parts(descriptors):
    return {
        "part_names": list(descriptors.names),
        "embedding_size": int(descriptors.embeddings.shape[2]),
    }


def _where(row, place):
    return f" ({row['path']})" if row["path"] else f" (image {place} of these)"

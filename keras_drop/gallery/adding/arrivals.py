"""Images on their way into a gallery, some at a time."""

import dataclasses
import json

import numpy as np

from keras_drop.descriptors import Descriptors
from keras_drop.files.thumbnail import thumbnail_of
from keras_drop.gallery.embedding.photos import (
    content_of,
    path_of,
    read_photo,
)
from keras_drop.gallery.storing.conditions import plain_value
from keras_drop.gallery.storing.tables import FIXED

_PHOTOS, _DESCRIPTORS = 64, 1024


@dataclasses.dataclass(frozen=True, eq=False)
class Arrivals:
    """Some images, before anything is known of them but what was told.

    Args:
        rows: List of dictionaries, as of `Store.add`, without embeddings.
        photos: List of `(height, width, 3)` arrays, or `None`.
        descriptors: `Descriptors`, or `None`.
    """

    rows: list
    photos: list | None = None
    descriptors: Descriptors | None = None


def arrivals(images, columns, keep_images):
    """Yields `Arrivals` of all images, in their order.

    Args:
        images: `Descriptors`, or a list of what `read_photo` takes.
        columns: Dictionary from the name of a column to a value for each
            image, to one for all of them, or to `None`.
        keep_images: Whether thumbnails are made.

    Raises:
        ValueError: As `plain_value` and `read_photo`; a column of another
            length, or one whose name has a meaning already.
    """
    given = _told(columns, len(images))
    if isinstance(images, Descriptors):
        for start in range(0, len(images), _DESCRIPTORS):
            chosen = slice(start, start + _DESCRIPTORS)
            some = images[chosen]
            yield Arrivals(
                [
                    _row(_bits(embedding, seen), told)
                    for embedding, seen, told in zip(
                        some.embeddings, some.visibility, given[chosen]
                    )
                ],
                descriptors=some,
            )
        return
    for start in range(0, len(images), _PHOTOS):
        rows, photos = [], []
        for photo, told in zip(
            images[start : start + _PHOTOS], given[start : start + _PHOTOS]
        ):
            pixels = read_photo(photo)
            path = told.pop("path", None) or path_of(photo)
            # The same pixels may lie in two places.
            row = _row(pixels, {**told, "path": path}, ("identity", "path"))
            row["thumbnail"] = thumbnail_of(pixels) if keep_images else None
            rows.append(row)
            photos.append(pixels)
        yield Arrivals(rows, photos=photos)


def _bits(embedding, seen):
    return np.concatenate([embedding, seen[:, None]], axis=1, dtype="float32")


def _row(array, told, without=("identity",)):
    """What the store gets; names in `without` make no other image of it."""
    more = {k: v for k, v in told.items() if k not in without}
    columns = {k: v for k, v in more.items() if k not in FIXED}
    fixed = {name: told.get(name) for name in FIXED}
    return {
        **fixed,
        "columns": json.dumps(columns),
        "content": content_of(array, sorted(more.items())),
        "thumbnail": None,
    }


def _told(columns, count):
    """List of what was told of each image: plain values by column."""
    lists = {}
    for name, values in columns.items():
        if name in ("id", "content", "columns") or '"' in name:
            raise ValueError(
                f"A column cannot be called {name!r}: that is the gallery's."
            )
        if values is None:
            values = [None] * count
        elif isinstance(values, str) or not hasattr(values, "__len__"):
            values = [values] * count
        if len(values) != count:
            raise ValueError(
                f"{count} images need {count} values in `{name}`, or one for "
                f"all; got {len(values)}."
            )
        lists[name] = [plain_value(name, value) for value in values]
    return [
        {name: values[row] for name, values in lists.items()}
        for row in range(count)
    ]

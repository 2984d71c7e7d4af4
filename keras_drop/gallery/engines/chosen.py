"""Which images a search looks at."""

import json

import numpy as np

from keras_drop.gallery.storing.conditions import (
    check_count,
    condition,
    plain_value,
)


def chosen_images(where, exclude_cameras, exclude_ids, about):
    """SQL condition on the images, and its values; `None` for all of them.

    Args:
        where: As of `Gallery.search`.
        exclude_cameras: Likewise.
        exclude_ids: Likewise.
        about: What is known about the gallery.

    Raises:
        ValueError: As of `condition`, or `exclude_ids` that are no numbers.

    Example:
    >>> from keras_drop.gallery.engines.chosen import chosen_images
    >>> chosen_images({"time": (8, None)}, 3, (), {"column_names": []})
    ('time >= ? AND (camera IS NULL OR camera NOT IN (?))', [8, 3])
    """
    cameras = _listed("exclude_cameras", exclude_cameras)
    numbers = whole_numbers("exclude_ids", exclude_ids)
    if not where and not cameras and not len(numbers):
        return None
    text, values = condition(where or {}, about["column_names"])
    if None in cameras:
        text += " AND camera IS NOT NULL"
        cameras = [camera for camera in cameras if camera is not None]
    if cameras:
        marks = ", ".join("?" * len(cameras))
        text += f" AND (camera IS NULL OR camera NOT IN ({marks}))"
    check_count("where` and `exclude_cameras", [*values, *cameras])
    if len(numbers):
        # As one value, however many they are.
        text += " AND id NOT IN (SELECT value FROM json_each(?))"
        return text, [*values, *cameras, json.dumps(numbers.tolist())]
    return text, [*values, *cameras]


def whole_numbers(name, values):
    """Array of the numbers of images: of one, of some or of none.

    Raises:
        ValueError: Something else, such as text.
    """
    if values is None or isinstance(values, set | frozenset | range):
        values = list(values or ())
    numbers = np.array(values, ndmin=1)
    if numbers.size and (numbers.dtype.kind not in "iu" or numbers.ndim > 1):
        raise ValueError(
            f"`{name}` are whole numbers, as `Hit.id` has them; got "
            f"{numbers.tolist()!r:.80}."
        )
    return numbers


def _listed(name, values):
    """List of plain values, of one, of some or of none."""
    if values is None:
        return []
    if isinstance(values, str) or not hasattr(values, "__iter__"):
        values = [values]
    return [plain_value(name, value) for value in values]

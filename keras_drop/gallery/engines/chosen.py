"""Which images a search looks at."""

from keras_drop.gallery.storing.conditions import condition, plain_value


def chosen_images(where, exclude_cameras, exclude_ids, about):
    """SQL condition on the images, and its values; `None` for all of them.

    Args:
        where: As of `Gallery.search`.
        exclude_cameras: Likewise.
        exclude_ids: Likewise.
        about: What is known about the gallery.

    Example:
    >>> from keras_drop.gallery.engines.chosen import chosen_images
    >>> chosen_images({"time": (8, None)}, 3, (), {"column_names": []})
    ('time >= ? AND (camera IS NULL OR camera NOT IN (?))', [8, 3])
    """
    cameras = _listed("exclude_cameras", exclude_cameras)
    numbers = _listed("exclude_ids", exclude_ids)
    if not where and not cameras and not numbers:
        return None
    text, values = condition(where or {}, about["column_names"])
    if None in cameras:
        text += " AND camera IS NOT NULL"
        cameras = [camera for camera in cameras if camera is not None]
    if cameras:
        marks = ", ".join("?" * len(cameras))
        text += f" AND (camera IS NULL OR camera NOT IN ({marks}))"
    if numbers:
        text += f" AND id NOT IN ({', '.join('?' * len(numbers))})"
    return text, [*values, *cameras, *numbers]


def _listed(name, values):
    """List of plain values, of one, of some or of none."""
    if values is None:
        return []
    if isinstance(values, str) or not hasattr(values, "__iter__"):
        values = [values]
    return [plain_value(name, value) for value in values]

"""Which images a search looks at."""

from keras_drop.gallery.storing.conditions import condition, plain_value


def chosen_images(where, exclude_cameras, about):
    """SQL condition on the images, and its values; `None` for all of them.

    Args:
        where: As of `Gallery.search`.
        exclude_cameras: Likewise.
        about: What is known about the gallery.

    Example:
    >>> from keras_drop.gallery.engines.chosen import chosen_images
    >>> chosen_images({"time": (8, None)}, 3, {"column_names": []})
    ('time >= ? AND (camera IS NULL OR camera NOT IN (?))', [8, 3])
    """
    excluded = [exclude_cameras]
    if not isinstance(exclude_cameras, str | int):
        excluded = list(exclude_cameras)
    if not where and not excluded:
        return None
    text, values = condition(where or {}, about["column_names"])
    if excluded:
        marks = ", ".join("?" * len(excluded))
        text += f" AND (camera IS NULL OR camera NOT IN ({marks}))"
        values += [plain_value("exclude_cameras", c) for c in excluded]
    return text, values

"""Columns of a user's own table that have other names."""

from keras_drop.checks import refuse_unknown_names

COLUMNS = (
    "path",
    "identity",
    "camera",
    "split",
    "parsing_path",
    "tracklet",
    "time",
    "occlusion",
)


def column_names(columns):
    """What the columns of a table are called in it.

    Args:
        columns: Texts such as `"identity:pid"`: our name, and that in the
            table.

    Returns:
        Dictionary from our names to theirs.

    Raises:
        ValueError: A text of another form, or a name that is not ours.

    Example:
    >>> from keras_drop.datasets.files.own_columns import column_names
    >>> column_names(("identity:pid", "visibility_head:seen"))
    {'identity': 'pid', 'visibility_head': 'seen'}
    """
    names = {}
    for text in columns:
        ours, colon, theirs = text.partition(":")
        if not colon or not theirs or ours in names:
            raise ValueError(
                f"`columns` has {text!r}; it is OURS:THEIRS, once for each "
                "column, as identity:pid."
            )
        names[ours] = theirs
    ours = [name for name in names if not name.startswith("visibility")]
    refuse_unknown_names("columns", ours, COLUMNS)
    return names

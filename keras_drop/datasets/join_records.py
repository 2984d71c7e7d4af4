import numpy as np

from keras_drop.records import Records


def join_records(records_of):
    """`Records` of several data sets as one, in which nobody is mistaken.

    Identities and cameras of each set are counted on from those of the sets
    before it: person 1 of one is not person 1 of the other. Junk, and cameras
    that are not known, stay -1.

    Args:
        records_of: Dictionary from the names of data sets to `Records`.

    Returns:
        `Records` with the columns that all of them have, and `data_set`, the
        number of its set in the dictionary for each image.

    Raises:
        ValueError: No data set.

    Example:
    >>> from keras_drop import Records
    >>> from keras_drop.datasets import join_records
    >>> shop = Records(["a.jpg", "b.jpg"], [1, 7], [0, 1])
    >>> joined = join_records({"shop": shop, "street": shop})
    >>> joined.identities.tolist(), joined.cameras.tolist()
    ([1, 7, 9, 15], [0, 1, 2, 3])
    >>> joined.data_set.tolist()
    [0, 0, 1, 1]
    """
    if not records_of:
        raise ValueError("There are no data sets to join.")
    every = list(records_of.values())
    names = set(every[0].column_names).intersection(
        *(records.column_names for records in every)
    )
    columns = {
        name: np.concatenate([getattr(records, name) for records in every])
        for name in every[0].column_names
        if name in names
    }
    for name in ("identities", "cameras"):
        columns[name] = _counted_on([getattr(r, name) for r in every])
    sets = np.arange(len(every))
    columns["data_set"] = np.repeat(sets, [len(records) for records in every])
    return Records(**columns)


def _counted_on(numbers):
    """Numbers of one set after the other, -1 left alone."""
    start, shifted = 0, []
    for of_set in numbers:
        shifted.append(np.where(of_set < 0, of_set, of_set + start))
        start += max(of_set.max(initial=-1), -1) + 1
    return np.concatenate(shifted)

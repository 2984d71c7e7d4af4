"""Class numbers of people."""

import numpy as np


def identity_labels(records):
    """Numbers the people of the training records from 0, ascending.

    Args:
        records: `Records` of the training images.

    Returns:
        `(num_images,)` int32 labels.

    Raises:
        ValueError: Records with junk images (identity -1).

    Example:
    >>> from keras_drop.data import identity_labels
    >>> from keras_drop import Records
    >>> records = Records(["a", "b", "c"], [7, 3, 1501], [0, 0, 0])
    >>> identity_labels(records).tolist()
    [1, 0, 2]
    """
    junk = int((records.identities < 0).sum())
    if junk:
        raise ValueError(
            f"{junk} of {len(records)} images are junk (identity -1) and have "
            "no label. Train on `records[records.identities >= 0]`."
        )
    _, labels = np.unique(records.identities, return_inverse=True)
    return labels.astype("int32")

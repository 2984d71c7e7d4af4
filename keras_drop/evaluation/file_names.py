"""Images by their file names, which are the same in any folder."""

import numpy as np


def file_rows(records):
    """Tuples of file name, identity and camera, in no folder's order.

    Args:
        records: `Records`.
    """
    return sorted(
        zip(
            _file_names(records),
            records.identities.tolist(),
            records.cameras.tolist(),
        )
    )


def file_order(records):
    """`(num_images,)` rows, in the order of `file_rows`."""
    return np.lexsort(
        (records.cameras, records.identities, _file_names(records))
    )


def _file_names(records):
    return [
        path.replace("\\", "/").rsplit("/", 1)[-1]
        for path in records.paths.tolist()
    ]

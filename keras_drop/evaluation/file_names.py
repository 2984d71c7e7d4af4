"""Images by their file names, which are the same in any folder."""

import hashlib
import json

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


def files_checksum(fields, splits):
    """SHA-256 of plain values, and of the images of some `Records`.

    Args:
        fields: Dictionary of plain values.
        splits: `Records`, in an order that counts.
    """
    digest = hashlib.sha256(json.dumps(fields, sort_keys=True).encode())
    for records in splits:
        rows = file_rows(records)
        digest.update(f"\n{len(rows)}\n".encode())
        for row in rows:
            digest.update(json.dumps(row).encode())
    return digest.hexdigest()


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

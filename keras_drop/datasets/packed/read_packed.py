from pathlib import Path

from keras_drop.datasets.packed.pack import TABLE, packed_content
from keras_drop.datasets.readers.own_table import read_table


def read_packed(folder, name):
    """Reads a known data set that `pack` packed; opens no packed file.

    Args:
        folder: Of `pack`.
        name: Of the data set that it has to be.

    Returns:
        Dictionary of `Records`, as the reader of the data set gave them.

    Raises:
        FileNotFoundError: The folder holds no packed data set.
        ValueError: It is of another data set, or broken.
    """
    packed = packed_content(folder)["name"]
    if packed != name:
        raise ValueError(
            f"{folder} holds {packed or 'own data'}, packed, and not {name}. "
            f"Own data is read by its table, --data={folder}/{TABLE}."
        )
    return read_table(Path(folder) / TABLE)

"""Files of arrays, `.npz`, in which embeddings and records are kept."""

import zipfile

import numpy as np


def read_npz(path, wanted):
    """Dictionary of some of the arrays of a `.npz` file.

    Args:
        path: The file.
        wanted: Function of the name of an array: whether to read it.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: It is none of arrays; the message names it.
    """
    try:
        # Opened here: NumPy leaves a file open that is no whole archive.
        with (
            open(path, "rb") as opened,
            np.load(opened, allow_pickle=False) as file,
        ):
            return {name: file[name] for name in file.files if wanted(name)}
    except (
        AttributeError,
        EOFError,
        TypeError,
        ValueError,
        zipfile.BadZipFile,
    ):
        raise ValueError(
            f"{path} is no `.npz` file of arrays. `Descriptors.save` writes "
            "one."
        ) from None

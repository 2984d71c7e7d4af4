"""Files of arrays, `.npy` and `.npz`, which may be broken or meant to harm."""

import io
import math
import zipfile

import numpy as np

from keras_drop.files.packed_file import packed_bytes
from keras_drop.files.regular_file import check_expansion, check_regular_file

_HEADERS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}


def read_npz(path, wanted):
    """Dictionary of some of the arrays of a `.npz` file.

    Nothing in it is executed. Arrays that are larger than their part of the
    file, and archives that expand to more than 1 GiB and 100 times their size,
    are refused before memory is taken.

    Args:
        path: The file.
        wanted: Function of the name of an array: whether to read it.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: It is none of arrays; the message names it.
    """
    try:
        stored = check_regular_file(path)
        with zipfile.ZipFile(path) as archive:
            members = {
                info.filename.removesuffix(".npy"): info
                for info in archive.infolist()
            }
            members = {n: info for n, info in members.items() if wanted(n)}
            check_expansion(stored, sum(m.file_size for m in members.values()))
            return {n: _member(archive, info) for n, info in members.items()}
    except OSError:
        raise
    # Which error a broken archive is depends on where it is broken.
    except Exception as error:
        raise ValueError(
            f"{path} is no `.npz` file of arrays ({error}). "
            "`Descriptors.save` writes one."
        ) from None


def read_npy(path):
    """The array of a `.npy` file.

    Nothing in it is executed, and no more memory is taken than the file has.

    Args:
        path: The file, or one in a packed file.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: It is no array, or cut off; the message names it.

    Example:
    >>> import os, tempfile
    >>> import numpy as np
    >>> from keras_drop.files.npz_file import read_npy
    >>> path = os.path.join(tempfile.mkdtemp(), "a.npy")
    >>> np.save(path, np.arange(3))
    >>> read_npy(path).tolist()
    [0, 1, 2]
    """
    try:
        packed = packed_bytes(path)
        if packed is not None:
            return _read_array(io.BytesIO(packed), len(packed))
        size = check_regular_file(path)
        with open(path, "rb") as file:
            return _read_array(file, size)
    except (FileNotFoundError, ImportError):
        raise
    # Its header is Python, of which anything may be wrong.
    except Exception as error:
        raise ValueError(
            f"{path!s:.300} is no array that NumPy can read ({error})."
        ) from error


def _member(archive, info):
    with archive.open(info) as file:
        return _read_array(file, info.file_size)


def _read_array(file, size):
    version = np.lib.format.read_magic(file)
    if version not in _HEADERS:
        raise ValueError(f"it is of the version {version} of NumPy's format")
    shape, _, dtype = _HEADERS[version](file)
    if dtype.hasobject:
        raise ValueError("it holds Python objects, which could be programs")
    needed = math.prod(shape) * dtype.itemsize
    if min(shape, default=0) < 0 or needed > size - file.tell():
        raise ValueError(
            f"its shape {shape} needs {needed:,} bytes, the file has "
            f"{size - file.tell():,}"
        )
    file.seek(0)
    return np.lib.format.read_array(file, allow_pickle=False)

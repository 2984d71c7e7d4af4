"""Files that lie in a packed file: paths such as `images.array_record@17`."""

import functools
import os
import re
import struct

from keras_drop.files.regular_file import regular_bytes

_PACKED = re.compile(
    r"(?P<file>.*\.(?P<kind>array_record|tfrecord)(?:-\d+-of-\d+)?)"
    r"@(?P<row>\d+)(?:/(?P<feature>\w+))?"
)
# Of a row of a `.tfrecord` file: its length, and checksums of both.
_BEFORE, _AFTER = 12, 4


def packed_path(file, row, feature=None):
    """Path of a row of a packed file.

    Args:
        file: Path that ends with `.array_record` or `.tfrecord`, or with that
            and `-00000-of-00001`.
        row: Its number, from 0; of `.tfrecord`, which has no list of its
            rows, the place in the file where it begins.
        feature: Name of the feature whose bytes count, of a file that
            TensorFlow Datasets wrote.

    Example:
    >>> from keras_drop.files.packed_file import packed_path
    >>> packed_path("images.array_record", 17)
    'images.array_record@17'
    """
    return f"{file}@{row}" + (f"/{feature}" if feature else "")


def holding_file(path):
    """The file in which a path lies: a packed one, or the path itself.

    Example:
    >>> from keras_drop.files.packed_file import holding_file
    >>> holding_file("images.array_record@17"), holding_file("a.jpg")
    ('images.array_record', 'a.jpg')
    """
    found = _PACKED.fullmatch(os.fspath(path))
    return found["file"] if found else path


def file_bytes(path):
    """Content of an image or label, be it packed or a file of its own.

    Raises:
        FileNotFoundError: There is none.
        ValueError: A pipe, a device, or broken; the message names it.
    """
    try:
        packed = packed_bytes(path)
    except ValueError as error:
        raise ValueError(f"{path} cannot be read: {error}.") from None
    return regular_bytes(path) if packed is None else packed


def packed_bytes(path):
    """Content of a file in a packed file.

    Args:
        path: Path.

    Returns:
        Bytes; `None` for a path of another kind, which is a file of its own.

    Raises:
        FileNotFoundError: There is no such packed file, or no such row in it.
        ImportError: `array_record` is not installed.
        ValueError: The packed file is broken; half a sentence, to follow its
            name.
    """
    found = _PACKED.fullmatch(os.fspath(path))
    if found is None:
        return None
    file, row = found["file"], int(found["row"])
    if not os.path.isfile(file):
        raise FileNotFoundError(f"There is no packed file {file}.")
    if found["kind"] == "tfrecord":
        with open(file, "rb") as opened:
            content = _tfrecord(opened, row)
    else:
        content = _array_record(file, row)
    return _feature(content, found["feature"]) if found["feature"] else content


def tfrecords(file):
    """Place and content of every row of a `.tfrecord` file.

    Args:
        file: Its path.

    Yields:
        Pairs of an integer, as of `packed_path`, and bytes.

    Raises:
        ValueError: It is cut off; half a sentence, to follow its name.
    """
    with open(file, "rb") as opened:
        size, place = os.fstat(opened.fileno()).st_size, 0
        while place < size:
            content = _tfrecord(opened, place)
            yield place, content
            place += _BEFORE + len(content) + _AFTER


def _tfrecord(opened, place):
    size = os.fstat(opened.fileno()).st_size
    opened.seek(place)
    before = opened.read(_BEFORE)
    length = struct.unpack("<Q", before[:8])[0] if len(before) > 8 else size
    if place + _BEFORE + length + _AFTER > size:
        raise ValueError(
            f"the packed file is broken: no row begins at {place}, or it is "
            "cut off"
        )
    return opened.read(length)


def _array_record(file, row):
    status = os.stat(file)
    reader = _reader(file, status.st_size, status.st_mtime_ns, os.getpid())
    if not reader.num_records():
        raise ValueError("the packed file is broken: it has no row")
    if row >= reader.num_records():
        raise FileNotFoundError(f"{file} has no row {row}.")
    try:
        (content,) = reader.read([row])
    except Exception as error:
        raise ValueError(f"the packed file is broken: {error}") from error
    return content


def array_records():
    """The module of `array_record`.

    Raises:
        ImportError: It is not installed; the message says how to.
    """
    try:
        from array_record.python import array_record_module
    except ImportError as error:
        raise ImportError(
            "Packed files need `array_record`: pip install "
            "'keras_drop[packed]'."
        ) from error
    return array_record_module


# One for each process: a reader is good for all threads of its own.
@functools.lru_cache(maxsize=256)
def _reader(file, size, changed, process):
    try:
        return array_records().ArrayRecordReader(
            file, options="readahead_buffer_size:0"
        )
    except (RuntimeError, ValueError) as error:
        raise ValueError(f"the packed file is broken: {error}") from error


def _feature(content, name):
    """Bytes of a feature of a `tf.train.Example`."""
    from tensorflow_datasets.proto import tf_example_pb2

    try:
        example = tf_example_pb2.Example.FromString(content)
        (value,) = example.features.feature[name].bytes_list.value
    # What Protocol Buffers raise has no common class.
    except Exception as error:
        raise ValueError(f"the packed file is broken: {error!r}") from error
    return value

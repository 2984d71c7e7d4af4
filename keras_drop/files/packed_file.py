"""Files that lie in a packed file: paths such as `images.array_record@17`."""

import functools
import os
import re

_PACKED = re.compile(
    r"(?P<file>.*\.array_record(?:-\d+-of-\d+)?)@(?P<row>\d+)"
    r"(?:/(?P<feature>\w+))?"
)


def packed_path(file, row, feature=None):
    """Path of a row of a packed file.

    Args:
        file: Path that ends with `.array_record`, or with that and
            `-00000-of-00001`.
        row: Its number, from 0.
        feature: Name of the feature whose bytes count, of a file that
            TensorFlow Datasets wrote.

    Example:
    >>> from keras_drop.files.packed_file import packed_path
    >>> packed_path("images.array_record", 17)
    'images.array_record@17'
    """
    return f"{file}@{row}" + (f"/{feature}" if feature else "")


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
    if found["feature"]:
        return _feature(content, found["feature"])
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

    example = tf_example_pb2.Example.FromString(content)
    (value,) = example.features.feature[name].bytes_list.value
    return value

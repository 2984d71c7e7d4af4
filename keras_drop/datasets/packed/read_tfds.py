import json

import numpy as np

from keras_drop.files.packed_file import array_records, packed_path, tfrecords
from keras_drop.records import Records

_FORMATS = ("tfrecord", "array_record")


def read_tfds(builder):
    """`Records` of a data set that TensorFlow Datasets prepared.

    Images and labels stay in its files and are read from there by batches,
    evaluation and whatever else reads paths. Needs no TensorFlow. On the
    command line it is `--data=tfds:NAME`.

    Args:
        builder: Builder of `keras_drop.tfds`, prepared, of the file format
            `"tfrecord"`, which is the usual one, or `"array_record"`; or what
            `tfds.builder_from_directory` gives.

    Returns:
        Dictionary of `Records`, as those that it was built of; splits without
        any image are left out.

    Raises:
        ValueError: Another file format, or a builder of something else.
        FileNotFoundError: It is not prepared.

    Example:
        splits = read_tfds(tfds.builder("occluded_duke"))
    """
    if not builder.is_prepared():
        raise FileNotFoundError(
            f"{builder.name} is not prepared in {builder.data_dir}: call its "
            "`download_and_prepare`."
        )
    file_format = builder.info.file_format.value
    if file_format not in _FORMATS:
        raise ValueError(
            f"{builder.name} has the file format {file_format}; single images "
            f"are read from {' and '.join(_FORMATS)}. Build it with one of "
            "them."
        )
    found = {
        split: list(built_rows(builder.name, info.filepaths))
        for split, info in builder.info.splits.items()
    }
    return {split: _records(rows) for split, rows in found.items() if rows}


def built_rows(name, files):
    """Every row of the files of a split, as values of columns of `Records`.

    Args:
        name: Of the data set, for messages.
        files: Their paths.

    Yields:
        Dictionaries from the names of columns to values.

    Raises:
        ValueError: Rows of something else than `keras_drop.tfds`.
    """
    from tensorflow_datasets.proto import tf_example_pb2

    for file in map(str, files):
        for place, content in _contents(file):
            example = tf_example_pb2.Example.FromString(content)
            yield _row(name, file, place, example.features.feature)


def _records(rows):
    columns = {key: [row[key] for row in rows] for key in rows[0]}
    return Records(**{key: np.array(v) for key, v in columns.items()})


def _contents(file):
    """Place and content of every row."""
    if ".tfrecord" in file:
        yield from tfrecords(file)
        return
    reader = array_records().ArrayRecordReader(file)
    for row in range(reader.num_records()):
        (content,) = reader.read([row])
        yield row, content
    reader.close()


def _row(name, file, place, features):
    if not {"image", "identity", "camera", "columns"} <= features.keys():
        raise ValueError(
            f"{name} has the features {', '.join(features)}; only data sets "
            "of keras_drop.tfds are read."
        )
    label = any(features["parsing"].bytes_list.value)
    return {
        "paths": packed_path(file, place, "image"),
        "identities": features["identity"].int64_list.value[0],
        "cameras": features["camera"].int64_list.value[0],
        "parsing_paths": packed_path(file, place, "parsing") if label else "",
        **json.loads(features["columns"].bytes_list.value[0]),
    }

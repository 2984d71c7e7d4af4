import json

import numpy as np

from keras_drop.files.packed_file import array_records, packed_path
from keras_drop.records import Records


def read_tfds(builder):
    """`Records` of a data set that TensorFlow Datasets prepared.

    Images and labels stay in its files and are read from there by batches,
    evaluation and whatever else reads paths. Needs no TensorFlow.

    Args:
        builder: Builder of `keras_drop.tfds`, prepared, with the file format
            `"array_record"`.

    Returns:
        Dictionary of `Records`, as those that it was built of.

    Raises:
        ValueError: Another file format, or a builder of something else.
        FileNotFoundError: It is not prepared.

    Example:
        splits = read_tfds(
            tfds.builder("occluded_duke", file_format="array_record"))
    """
    if builder.info.file_format.value != "array_record":
        raise ValueError(
            f"{builder.name} has the file format "
            f"{builder.info.file_format.value}; single images are read from "
            '"array_record". Build it with file_format="array_record".'
        )
    if not builder.is_prepared():
        raise FileNotFoundError(
            f"{builder.name} is not prepared in {builder.data_dir}: call its "
            "`download_and_prepare`."
        )
    return {
        split: _records(builder.name, info.filepaths)
        for split, info in builder.info.splits.items()
    }


def _records(name, files):
    from tensorflow_datasets.proto import tf_example_pb2

    rows = []
    for file in map(str, files):
        reader = array_records().ArrayRecordReader(file)
        for row in range(reader.num_records()):
            (content,) = reader.read([row])
            example = tf_example_pb2.Example.FromString(content)
            rows.append(_row(name, file, row, example.features.feature))
        reader.close()
    columns = {key: [row[key] for row in rows] for key in rows[0]}
    return Records(**{key: np.array(v) for key, v in columns.items()})


def _row(name, file, row, features):
    if not {"image", "identity", "camera", "columns"} <= features.keys():
        raise ValueError(
            f"{name} has the features {', '.join(features)}; only data sets "
            "of keras_drop.tfds are read."
        )
    label = any(features["parsing"].bytes_list.value)
    return {
        "paths": packed_path(file, row, "image"),
        "identities": features["identity"].int64_list.value[0],
        "cameras": features["camera"].int64_list.value[0],
        "parsing_paths": packed_path(file, row, "parsing") if label else "",
        **json.loads(features["columns"].bytes_list.value[0]),
    }

"""A `RetrievalResult` as plain values for a JSON file, exactly."""

import base64
import dataclasses
import zlib

import numpy as np

from keras_drop.evaluation.cards.json_file import check_fields
from keras_drop.evaluation.ranking.retrieval_result import RetrievalResult


def result_content(result):
    """Dictionary of the fields of a result; arrays are compressed text."""
    values = {
        field.name: getattr(result, field.name)
        for field in dataclasses.fields(result)
    }
    return {
        name: array_to_text(value) if isinstance(value, np.ndarray) else value
        for name, value in values.items()
    }


def result_of_content(path, content):
    """The `RetrievalResult` that `result_content` was given.

    Raises:
        ValueError: Another set of fields, or text that is no array; the
            message names the file.
    """
    fields = dataclasses.fields(RetrievalResult)
    check_fields(path, content, {field.name for field in fields})
    return RetrievalResult(
        **{
            name: text_to_array(path, name, value)
            if isinstance(value, dict)
            else value
            for name, value in content.items()
        }
    )


def array_to_text(array):
    """Dictionary of `dtype`, `shape` and the compressed `values`."""
    array = np.ascontiguousarray(array)
    array = array.astype(array.dtype.newbyteorder("<"))
    packed = zlib.compress(array.tobytes(), 9)
    return {
        "dtype": array.dtype.str,
        "shape": list(array.shape),
        "values": base64.b64encode(packed).decode("ascii"),
    }


def text_to_array(path, name, text):
    """The array that `array_to_text` was given.

    Raises:
        ValueError: Text that is no array; the message names file and field.
    """
    try:
        values = zlib.decompress(base64.b64decode(text["values"]))
        array = np.frombuffer(values, np.dtype(text["dtype"]))
        array = array.reshape(text["shape"])
        return array.astype(array.dtype.newbyteorder("="))
    except (KeyError, TypeError, ValueError, zlib.error) as error:
        raise ValueError(
            f"{path} is damaged: `{name}` is no array ({error})."
        ) from None

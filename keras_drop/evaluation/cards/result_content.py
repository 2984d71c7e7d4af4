"""A `RetrievalResult` as plain values for a JSON file, exactly."""

import base64
import dataclasses
import math
import operator
import zlib

import numpy as np

from keras_drop.evaluation.cards.json_file import check_fields
from keras_drop.evaluation.ranking.retrieval_result import RetrievalResult

_MAX_BYTES = 2**31


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
        dtype = np.dtype(str(text["dtype"]))
        shape = [operator.index(length) for length in text["shape"]]
        size = math.prod(shape) * dtype.itemsize
        if dtype.kind not in "biuf" or min(shape, default=0) < 0:
            raise ValueError(f"it has {dtype} values in the shape {shape}")
        packed = base64.b64decode(text["values"], validate=True)
        # One byte more would be one too many: a bomb is not unpacked.
        values = zlib.decompressobj().decompress(packed, size + 1)
        if len(values) != size or size > _MAX_BYTES:
            raise ValueError(f"it has not the {size} bytes of {shape}")
        array = np.frombuffer(values, dtype).reshape(shape)
        return array.astype(dtype.newbyteorder("="))
    except (KeyError, TypeError, ValueError, zlib.error) as error:
        raise ValueError(
            f"{path} is damaged: `{name}` is no array ({error})."
        ) from None

"""Files that PyTorch wrote before its release 1.6, read without PyTorch."""

import collections
import math
import pickle
import struct

import numpy as np

# How such a file begins: a pickled number.
_BEGINNING = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."
_TYPES = {
    "DoubleStorage": "<f8",
    "FloatStorage": "<f4",
    "HalfStorage": "<f2",
    "IntStorage": "<i4",
    "LongStorage": "<i8",
}


def is_legacy_torch_file(path):
    """Whether a file is one of these."""
    with open(path, "rb") as file:
        return file.read(len(_BEGINNING)) == _BEGINNING


def read_legacy_torch_file(path):
    """The arrays of a dictionary of tensors, nested as in the file.

    Nothing of the file runs: names other than those of tensors are refused.

    Args:
        path: `Path` of the file.

    Raises:
        ValueError: It is cut off, or a tensor lies outside of its values.
        pickle.UnpicklingError: It holds more than tensors, or is cut off.
    """
    with open(path, "rb") as file:
        for _ in range(3):  # The number, the version, the machine.
            _Tensors(file).load()
        reader = _Tensors(file)
        contents = reader.load()
        storages = {}
        for key in _Tensors(file).load():
            (count,) = struct.unpack("<q", file.read(8))
            dtype = reader.types[key]
            values = file.read(max(0, count) * dtype.itemsize)
            storages[key] = np.frombuffer(values, dtype)
            if len(storages[key]) != count:
                raise ValueError(f"{path} is cut off.")
    return _filled(contents, storages)


def _filled(contents, storages):
    if isinstance(contents, _Tensor):
        return contents.read(storages)
    if isinstance(contents, dict):
        return {k: _filled(x, storages) for k, x in contents.items()}
    return contents


class _Tensors(pickle.Unpickler):
    """Reads what a tensor is made of, and nothing else."""

    def __init__(self, file):
        super().__init__(file)
        self.types = {}

    def find_class(self, module, name):
        if module == "torch" and name in _TYPES:
            return name
        known = {
            ("collections", "OrderedDict"): collections.OrderedDict,
            ("torch._utils", "_rebuild_tensor_v2"): _Tensor,
        }
        if (module, name) not in known:
            raise pickle.UnpicklingError(f"{module}.{name} is no weight.")
        return known[module, name]

    def persistent_load(self, pid):
        kind, type_name, key, _, _, view = pid
        if kind != "storage" or view is not None:
            raise pickle.UnpicklingError(f"{kind} is no storage of weights.")
        self.types[key] = np.dtype(_TYPES[type_name])
        return key


class _Tensor:
    """A tensor whose values come later in the file."""

    def __init__(self, key, offset, shape, strides, *_):
        self.key, self.offset = key, offset
        self.shape, self.strides = shape, strides

    def read(self, storages):
        values = storages[self.key][self.offset :]
        steps = [
            (size - 1) * stride
            for size, stride in zip(self.shape, self.strides, strict=True)
        ]
        fits = sum(steps) < len(values) and math.prod(self.shape) <= len(values)
        if min(self.offset, *self.strides, 0) < 0 or not fits:
            raise ValueError(f"A tensor of {self.shape} has other values.")
        return np.lib.stride_tricks.as_strided(
            values,
            self.shape,
            [stride * values.itemsize for stride in self.strides],
            writeable=False,
        ).copy()

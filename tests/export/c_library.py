"""Runs a SavedModel with TensorFlow's C library, and nothing else of Python.

`python -I -S c_library.py libraries folder request.json`, where the request
has the input (tensor name, shape, file of uint8 values), and the outputs
(tensor names, by name). Writes each output to `name.float32` beside the
request, and prints their shapes as JSON.
"""

import ctypes
import json
import sys
from pathlib import Path

FLOAT, UINT8 = 1, 4


class Output(ctypes.Structure):
    """`TF_Output`."""

    _fields_ = (("operation", ctypes.c_void_p), ("index", ctypes.c_int))


class Library:
    """The C library, whose functions return pointers unless told otherwise."""

    def __init__(self, folder):
        ctypes.CDLL(
            str(folder / "libtensorflow_framework.so.2"), ctypes.RTLD_GLOBAL
        )
        self.library = ctypes.CDLL(str(folder / "libtensorflow_cc.so.2"))
        self.status = pointer(self.call("TF_NewStatus"))

    def call(self, name, *arguments, returns=ctypes.c_void_p):
        function = getattr(self.library, name)
        function.restype = returns
        return function(*arguments)

    def check(self):
        if self.call("TF_GetCode", self.status, returns=ctypes.c_int):
            raise RuntimeError(
                self.call(
                    "TF_Message", self.status, returns=ctypes.c_char_p
                ).decode()
            )


def pointer(address):
    return ctypes.c_void_p(address)


def main(libraries, folder, request_path):
    request_path = Path(request_path)
    request = json.loads(request_path.read_text())
    library = Library(Path(libraries))
    graph = pointer(library.call("TF_NewGraph"))
    session = pointer(
        library.call(
            "TF_LoadSessionFromSavedModel",
            pointer(library.call("TF_NewSessionOptions")),
            None,
            folder.encode(),
            (ctypes.c_char_p * 1)(b"serve"),
            1,
            graph,
            None,
            library.status,
        )
    )
    library.check()

    def output(tensor_name):
        operation, _, index = tensor_name.partition(":")
        return Output(
            library.call("TF_GraphOperationByName", graph, operation.encode()),
            int(index),
        )

    shape = request["shape"]
    values = request_path.with_name(request["file"]).read_bytes()
    tensor = pointer(
        library.call(
            "TF_AllocateTensor",
            UINT8,
            (ctypes.c_int64 * len(shape))(*shape),
            len(shape),
            ctypes.c_size_t(len(values)),
        )
    )
    ctypes.memmove(library.call("TF_TensorData", tensor), values, len(values))
    names = list(request["outputs"])
    tensors = (ctypes.c_void_p * len(names))()
    library.call(
        "TF_SessionRun",
        session,
        None,
        (Output * 1)(output(request["input"])),
        (ctypes.c_void_p * 1)(tensor),
        1,
        (Output * len(names))(*(output(request["outputs"][n]) for n in names)),
        tensors,
        len(names),
        None,
        0,
        None,
        library.status,
    )
    library.check()
    shapes = {}
    for name, address in zip(names, tensors):
        tensor = pointer(address)
        kind = library.call("TF_TensorType", tensor, returns=ctypes.c_int)
        assert kind == FLOAT, kind
        shapes[name] = [
            library.call("TF_Dim", tensor, axis, returns=ctypes.c_int64)
            for axis in range(
                library.call("TF_NumDims", tensor, returns=ctypes.c_int)
            )
        ]
        size = library.call(
            "TF_TensorByteSize", tensor, returns=ctypes.c_size_t
        )
        data = ctypes.string_at(library.call("TF_TensorData", tensor), size)
        request_path.with_name(f"{name}.float32").write_bytes(data)
    forbidden = {"numpy", "tensorflow", "keras", "keras_drop"}
    assert not forbidden & set(sys.modules)
    print(json.dumps(shapes))


if __name__ == "__main__":
    main(*sys.argv[1:])

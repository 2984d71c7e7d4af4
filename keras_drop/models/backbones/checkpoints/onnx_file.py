"""The weights in an ONNX file, which is read and never run."""

import re


def read_onnx(path):
    """Names and arrays of the weights of an ONNX file.

    An export folds some weights and gives those a number for a name. They are
    named by the node that takes them here: `/layer.0/query/MatMul` has
    `layer.0.query.weight`, transposed to outputs first as in PyTorch, any
    other node `/embeddings/Concat_6` has `embeddings.Concat_6`.

    Args:
        path: `Path` of the file.

    Returns:
        Dictionary of arrays.

    Raises:
        ImportError: The package `onnx` is not installed.
    """
    import onnx

    graph = onnx.load(str(path)).graph
    takers = {name: node for node in graph.node for name in node.input}
    arrays = {}
    for tensor in graph.initializer:
        name, array = tensor.name, onnx.numpy_helper.to_array(tensor)
        if re.fullmatch(r"onnx::\w+", name) and name in takers:
            name = takers[name].name.strip("/").replace("/", ".")
            if name.endswith(".MatMul"):
                name = name.removesuffix("MatMul") + "weight"
                array = array.T
        arrays[name] = array
    return arrays

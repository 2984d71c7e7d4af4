"""Files of weights to arrays by name."""

from keras_drop.files.npz_file import read_npz
from keras_drop.models.backbones.checkpoints.legacy_torch_file import (
    is_legacy_torch_file,
    read_legacy_torch_file,
)
from keras_drop.models.backbones.checkpoints.onnx_file import read_onnx


def read_arrays(path):
    """Names and arrays of a file of weights.

    Args:
        path: `Path` of a `.safetensors`, `.npz`, `.onnx` or PyTorch file.

    Raises:
        FileNotFoundError: There is no such file.
        ImportError: The package that reads it is not installed.
        ValueError: It is no dictionary of weights.
    """
    check_is_file(path)
    loaders = {
        ".safetensors": _load_safetensors,
        ".npz": _load_npz,
        ".onnx": read_onnx,
    }
    load = loaders.get(path.suffix, _load_torch)
    try:
        arrays = load(path)
    except ImportError as error:
        raise ImportError(
            f"The package that reads {path} is missing. Install "
            f"`keras_drop[{'dinov2' if load is read_onnx else 'convert'}]`."
        ) from error
    except Exception as error:
        raise ValueError(
            f"{path} is no dictionary of weights: it is cut off, or of another "
            "kind, or holds more than weights. Get the file again."
        ) from error
    return {
        name.removeprefix("module.").removeprefix("opt/target/"): x
        for name, x in arrays.items()
    }


def check_is_file(path):
    """Refuses a file that there is not."""
    if not path.is_file():
        raise FileNotFoundError(f"There is no checkpoint {path}.")


def _load_torch(path):
    if is_legacy_torch_file(path):
        contents = _weights(read_legacy_torch_file(path))
        return {name: x.astype("float32") for name, x in contents.items()}
    import torch

    contents = torch.load(path, map_location="cpu", weights_only=True)
    return {name: x.float().numpy() for name, x in _weights(contents).items()}


def _weights(contents):
    return contents.get("state_dict", contents.get("model", contents))


def _load_safetensors(path):
    from safetensors.numpy import load_file

    return load_file(path)


def _load_npz(path):
    return read_npz(path, lambda name: True)

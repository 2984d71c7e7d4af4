"""What a file of weights has to begin with, before anything of it is read."""

import json
import struct
import zipfile

# Older files of PyTorch begin with a pickle, newer ones are archives.
_PICKLE = b"\x80"


def check_weights_file(path):
    """Refuses a file that holds no weights by the look of it.

    Its first bytes and its list of contents are read, nothing more; whether
    the weights fit a backbone is seen when they are loaded.

    Args:
        path: `Path` of a file that is there, or a folder.

    Raises:
        ValueError: A folder, or a file that is empty, cut off or of another
            kind than its name says.
    """
    if path.is_dir():
        raise ValueError(
            f"`weights` is {path}, a folder without config.json, so no preset "
            "of KerasHub. Give a file of weights, such as model.keras, or the "
            "folder of a preset."
        )
    checks = {".safetensors": _is_safetensors, ".onnx": _is_not_empty}
    checks |= dict.fromkeys((".npz", ".keras"), zipfile.is_zipfile)
    if not checks.get(path.suffix, _is_torch)(path):
        raise ValueError(
            f"`weights` is {path}, which is no file of weights: it is empty or "
            "cut off, or of another kind than its name says. Weights are in "
            ".keras, .safetensors, .npz, .onnx and PyTorch files."
        )


def _is_safetensors(path):
    """Eight bytes, the length of the table of contents, the table, arrays."""
    size = path.stat().st_size
    with open(path, "rb") as file:
        beginning = file.read(8)
        if len(beginning) < 8:
            return False
        (length,) = struct.unpack("<Q", beginning)
        if 8 + length > size:
            return False
        table = file.read(length)
    try:
        entries = dict(json.loads(table))
        entries.pop("__metadata__", None)
        ends = [entry["data_offsets"][1] for entry in entries.values()]
        return 8 + length + max(ends, default=0) <= size
    except (ValueError, TypeError, KeyError, IndexError):
        return False


def _is_not_empty(path):
    return path.stat().st_size > 0


def _is_torch(path):
    with open(path, "rb") as file:
        if file.read(1) == _PICKLE:
            return True
    return zipfile.is_zipfile(path)

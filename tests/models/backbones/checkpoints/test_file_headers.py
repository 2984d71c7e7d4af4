import keras
import numpy as np
import pytest
import torch
from safetensors.numpy import save_file

from keras_drop.models.backbones.checkpoints.file_headers import (
    check_weights_file,
)

pytestmark = pytest.mark.backend_neutral
ARRAYS = {"weight": np.ones((20, 30), "float32")}


def save(path):
    tensors = {name: torch.tensor(x) for name, x in ARRAYS.items()}
    if path.suffix == ".safetensors":
        save_file(ARRAYS, path)
    elif path.suffix == ".npz":
        np.savez(path, **ARRAYS)
    elif path.suffix == ".keras":
        keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)]).save(path)
    else:
        new = path.suffix == ".pth"
        torch.save(tensors, path, _use_new_zipfile_serialization=new)
    return path


@pytest.mark.parametrize(
    "name", ["a.safetensors", "a.npz", "a.keras", "a.pth", "old.tar"]
)
def test_files_of_weights_and_what_is_none(name, tmp_path):
    path = save(tmp_path / name)
    check_weights_file(path)
    whole = path.read_bytes()
    broken = [b"", b"hello", b"<html>"]
    if name != "old.tar":  # Its end is seen when it is read.
        broken.append(whole[: len(whole) // 4])
    for contents in broken:
        path.write_bytes(contents)
        with pytest.raises(ValueError, match=f"{name}, which is no file of we"):
            check_weights_file(path)


def test_other_files(tmp_path):
    with pytest.raises(ValueError, match=r"a folder without config\.json"):
        check_weights_file(tmp_path)
    (tmp_path / "empty.onnx").touch()
    with pytest.raises(ValueError, match="is no file of weights"):
        check_weights_file(tmp_path / "empty.onnx")

import collections
import sys

import numpy as np
import pytest
import torch

from keras_drop.models.backbones.checkpoints.checkpoint_files import read_arrays
from keras_drop.models.backbones.checkpoints.legacy_torch_file import (
    is_legacy_torch_file,
)

pytestmark = pytest.mark.backend_neutral


def save(contents, path, legacy=True):
    torch.save(contents, path, _use_new_zipfile_serialization=not legacy)
    return path


@pytest.fixture
def tensors():
    values = torch.arange(24, dtype=torch.float32).reshape(2, 3, 4)
    return {
        "whole": values,
        "turned": values.transpose(0, 2),
        "piece": values[1:, ::2, 1],
        "half": values[0].half(),
        "count": torch.tensor(7),
        "none": torch.zeros((0, 3)),
    }


@pytest.mark.parametrize("wrap", [dict, collections.OrderedDict])
def test_reads_what_was_written_without_pytorch(
    tensors, wrap, tmp_path, monkeypatch
):
    path = save({"state_dict": wrap(tensors)}, tmp_path / "old.pth")
    assert is_legacy_torch_file(path)
    monkeypatch.setitem(sys.modules, "torch", None)
    arrays = read_arrays(path)
    assert list(arrays) == list(tensors)
    for name, tensor in tensors.items():
        assert arrays[name].dtype == np.float32
        np.testing.assert_array_equal(arrays[name], tensor.numpy())


def test_other_files_are_not_such(tensors, tmp_path):
    path = save(tensors, tmp_path / "new.pth", legacy=False)
    assert not is_legacy_torch_file(path)
    assert list(read_arrays(path)) == list(tensors)


def test_nothing_of_the_file_runs(tmp_path):
    class Harmful:
        def __reduce__(self):
            return print, ("it ran",)

    path = save({"weight": Harmful()}, tmp_path / "old.pth")
    with pytest.raises(ValueError, match="holds more than weights"):
        read_arrays(path)


@pytest.mark.parametrize("kept", [0.3, 0.7, 0.99])
def test_a_file_that_is_cut_off_is_refused(tensors, kept, tmp_path):
    path = save(tensors, tmp_path / "old.pth")
    contents = path.read_bytes()
    path.write_bytes(contents[: int(kept * len(contents))])
    with pytest.raises(ValueError, match="cut off"):
        read_arrays(path)


def test_a_tensor_outside_of_its_values_is_refused(tmp_path):
    path = save({"weight": torch.zeros(3, 5)}, tmp_path / "old.pth")
    # The shape (3, 5), as the file has it, becomes (3, 6).
    before, after = b"K\x03K\x05\x86", b"K\x03K\x06\x86"
    contents = path.read_bytes()
    assert contents.count(before) == 1
    path.write_bytes(contents.replace(before, after))
    with pytest.raises(ValueError, match="no dictionary of weights"):
        read_arrays(path)

import io
import os

import numpy as np
import pytest
from PIL import Image

from keras_drop.datasets.files.whole_files import encode, write_file

pytestmark = pytest.mark.backend_neutral


@pytest.mark.parametrize("size", [(5, 4), (5, 4, 3), (5, 4, 4)])
def test_pictures_survive_png(size):
    picture = np.random.default_rng(0).integers(0, 256, size).astype("uint8")
    decoded = Image.open(io.BytesIO(encode(".png", picture)))
    np.testing.assert_array_equal(np.asarray(decoded), picture)


def test_nothing_is_left_of_a_file_that_was_not_finished(tmp_path, monkeypatch):
    path = tmp_path / "a.png"
    write_file(path, b"old")
    monkeypatch.setattr(os, "replace", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_file(path, b"new")
    assert [file.name for file in tmp_path.iterdir()] == ["a.png"]
    assert path.read_bytes() == b"old"

import sys

import pytest

from keras_drop.export import write_tensorboard_text

pytestmark = pytest.mark.backend_neutral


def test_the_text_is_in_the_file(tmp_path):
    pytest.importorskip("tensorboard")
    write_tensorboard_text(tmp_path, "card", "a **seed**")
    (file,) = tmp_path.glob("events*")
    written = file.read_bytes()
    assert b"a **seed**" in written and b"card" in written


def test_tensorboard_that_is_missing_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorboard", None)
    with pytest.raises(ImportError, match=r"keras_drop\[tracking\]"):
        write_tensorboard_text(tmp_path, "card", "")

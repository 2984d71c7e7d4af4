import sys

import pytest

from keras_drop import missing_backend

pytestmark = pytest.mark.backend_neutral


@pytest.fixture(autouse=True)
def before_keras(monkeypatch, tmp_path):
    monkeypatch.delitem(sys.modules, "keras")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setattr(
        missing_backend.importlib.util,
        "find_spec",
        lambda name: None if name == "torch" else name,
    )


def test_what_to_install_is_said(monkeypatch, tmp_path):
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    with pytest.raises(ImportError, match=r"pip install 'keras_drop\[torch\]'"):
        missing_backend.refuse_missing_backend()
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    missing_backend.refuse_missing_backend()
    monkeypatch.delenv("KERAS_BACKEND")
    missing_backend.refuse_missing_backend()
    (tmp_path / "keras.json").write_text('{"backend": "torch"}')
    with pytest.raises(ImportError, match="KERAS_BACKEND=tensorflow"):
        missing_backend.refuse_missing_backend()

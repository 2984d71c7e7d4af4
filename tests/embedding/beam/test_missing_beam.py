import importlib.util

import pytest

from keras_drop.__main__ import main
from keras_drop.embedding.beam import EmbeddingHandler, embed_with_beam
from tests.embedding.photos import make_photos

pytestmark = [
    pytest.mark.backend_neutral,
    pytest.mark.skipif(
        importlib.util.find_spec("apache_beam") is not None,
        reason="Apache Beam is installed",
    ),
]


def test_the_extra_is_named(tmp_path):
    for call in (
        lambda: EmbeddingHandler("model.keras"),
        lambda: embed_with_beam(None, "model.keras", ["a.jpg"], tmp_path),
    ):
        with pytest.raises(ImportError, match=r"keras_drop\[beam\]"):
            call()
    assert list(tmp_path.iterdir()) == []


def test_the_command_says_so(tmp_path, capsys):
    make_photos(tmp_path / "photos", 1)
    command = ["--model=m", f"--data={tmp_path}/photos", "--beam="]
    assert main(["embed", *command, f"--output={tmp_path}/out"]) == 2
    assert "Apache Beam is not installed" in capsys.readouterr().err

import sys

import pytest

from keras_drop import Gallery
from keras_drop.__main__ import main

pytestmark = pytest.mark.backend_neutral


def test_help(capsys):
    with pytest.raises(SystemExit):
        main(["ui", "--help"])
    assert "--read_only" in capsys.readouterr().out


def test_mistakes_are_one_line(tmp_path, monkeypatch, capsys):
    Gallery.create(tmp_path / "g")
    monkeypatch.setitem(sys.modules, "gradio", None)
    for words, why in (
        (["ui", "nowhere"], "There is no gallery in nowhere"),
        (["ui", str(tmp_path / "g")], "pip install 'keras_drop[ui]'"),
        (["ui"], "--help"),
    ):
        assert main(words) == 2
        printed = capsys.readouterr().err
        assert why in printed and printed.count("\n") == 1

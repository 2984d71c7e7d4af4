"""Refusals, and that a folder is there completely or not at all."""

import sys
import zipfile
from pathlib import Path

import keras
import pytest

from keras_drop.export import export_saved_model
from keras_drop.models import GlobalBaseline
from tests.export.models import shallow_backbone

pytestmark = pytest.mark.backend_neutral


@pytest.fixture
def file(tmp_path):
    """What passes for a `.keras` file as long as nobody reads it."""
    path = tmp_path / "models" / "model.keras"
    path.parent.mkdir()
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", "{}")
    return path


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "served" / "1"


@pytest.fixture
def writer(monkeypatch):
    """Replaces the writing process; its attribute `fails` says how it ends."""

    class Writer:
        fails = False

        def __call__(self, arguments, problem, **environment):
            assert environment == {"KERAS_BACKEND": "tensorflow"}
            assert Path(arguments[2]).suffix == ".keras"
            assert zipfile.is_zipfile(arguments[2])
            self.module = arguments[4]
            Path(arguments[3]).mkdir()
            (Path(arguments[3]) / "saved_model.pb").write_text("new")
            if self.fails:
                raise RuntimeError(problem)

    writer = Writer()
    module = sys.modules["keras_drop.export.export_saved_model"]
    monkeypatch.setattr(module, "run_python", writer)
    return writer


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in folder.rglob("*")
        if path.is_file()
    }


@keras.saving.register_keras_serializable("tests")
class OnesOwn(GlobalBaseline):
    """A method that is not part of the library."""


@pytest.mark.parametrize(
    ("cls", "module"),
    [
        (GlobalBaseline, "keras_drop.models.baselines.global_baseline"),
        (OnesOwn, __name__),
    ],
)
def test_the_writer_is_told_where_the_model_comes_from(
    folder, writer, cls, module
):
    model = cls(shallow_backbone((64, 32), [64, 64, 64, 64]), 3)
    export_saved_model(model, folder)
    assert writer.module == module
    assert contents(folder.parent) == {"1/saved_model.pb": "new"}


def test_a_failure_leaves_nothing(file, folder, writer):
    writer.fails = True
    with pytest.raises(RuntimeError, match=r"model\.keras could not be"):
        export_saved_model(file, folder)
    assert list(folder.parent.iterdir()) == []


def test_a_failure_leaves_what_was_there(file, folder, writer):
    folder.mkdir(parents=True)
    (folder / "old").write_text("old")
    writer.fails = True
    with pytest.raises(RuntimeError):
        export_saved_model(file, folder, overwrite=True)
    assert contents(folder.parent) == {"1/old": "old"}


def test_replaces_only_when_told_to(file, folder, writer):
    folder.mkdir(parents=True)
    (folder / "old").write_text("old")
    with pytest.raises(FileExistsError, match="overwrite=True"):
        export_saved_model(file, folder)
    assert contents(folder.parent) == {"1/old": "old"}
    assert export_saved_model(str(file), folder, overwrite=True) == folder
    assert contents(folder.parent) == {"1/saved_model.pb": "new"}
    assert file.exists()


def test_an_empty_folder_is_used(file, folder, writer):
    folder.mkdir(parents=True)
    export_saved_model(file, str(folder))
    assert contents(folder.parent) == {"1/saved_model.pb": "new"}
    # Others than its owner may serve it.
    assert folder.stat().st_mode == folder.parent.stat().st_mode


def test_a_file_is_not_replaced(file, tmp_path, writer):
    target = tmp_path / "a_file"
    target.write_text("precious")
    with pytest.raises(FileExistsError, match="is a file"):
        export_saved_model(file, target, overwrite=True)
    assert target.read_text() == "precious"


def test_refuses_what_is_no_model(tmp_path, folder):
    text = tmp_path / "text.keras"
    text.write_text("no model")
    for model, error, message in (
        (keras.Sequential(), ValueError, "Only models of `keras_drop.models`"),
        (None, ValueError, "NoneType"),
        (tmp_path / "none.keras", FileNotFoundError, "no model file"),
        (tmp_path, ValueError, "not a complete `.keras` file"),
        (text, ValueError, "not a complete `.keras` file"),
    ):
        with pytest.raises(error, match=message):
            export_saved_model(model, folder)
    assert not folder.parent.exists()

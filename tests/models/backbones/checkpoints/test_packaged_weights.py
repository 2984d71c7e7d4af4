import dataclasses
import hashlib
import sys

import pytest

from keras_drop.models.backbones.checkpoints.packaged_weights import (
    PACKAGED_WEIGHTS,
)

pytestmark = pytest.mark.backend_neutral


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """A package whose code must not run, and weights that are in it."""
    folder = tmp_path / "package_of_weights"
    (folder / "models").mkdir(parents=True)
    (folder / "__init__.py").write_text("raise RuntimeError('it ran')")
    (folder / "models" / "a.pth").write_bytes(b"weights")
    monkeypatch.syspath_prepend(tmp_path)
    weights = dataclasses.replace(
        PACKAGED_WEIGHTS["efficientnet_lite0_imagenet"],
        package="package_of_weights",
        file="models/a.pth",
        sha256=hashlib.sha256(b"weights").hexdigest(),
    )
    monkeypatch.setitem(PACKAGED_WEIGHTS, "tiny", weights)
    return folder


def test_a_file_is_found_and_its_package_never_run(installed):
    assert PACKAGED_WEIGHTS["tiny"].path() == installed / "models" / "a.pth"
    assert "package_of_weights" not in sys.modules


def test_another_file_is_refused(installed):
    (installed / "models" / "a.pth").write_bytes(b"weight$")
    with pytest.raises(ValueError, match="is not the file that was checked"):
        PACKAGED_WEIGHTS["tiny"].path()


def test_what_is_not_installed_says_what_to_install(installed):
    (installed / "models" / "a.pth").unlink()
    with pytest.raises(FileNotFoundError, match=r"keras_drop\[weights\]"):
        PACKAGED_WEIGHTS["tiny"].path()

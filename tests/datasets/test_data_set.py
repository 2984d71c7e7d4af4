"""A data set is added by one file, its reader's."""

import dataclasses
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import keras_drop
from keras_drop.datasets import DATA_SETS, data_set, declare

pytestmark = pytest.mark.backend_neutral

READER = '''
from pathlib import Path

from keras_drop.datasets.data_set import DataSet, declare
from keras_drop.datasets.files.fake_cameras import read_query_and_gallery
from keras_drop.datasets.files.image_folders import find_folders
from keras_drop.datasets.files.image_names import ImageNames
from keras_drop.datasets.labels.parsing_files import ParsingFiles

_NAMES = ImageNames("Wardrobe", r"w(?P<identity>\\d+)-\\d+\\.png", "w07-1.png")


def read_wardrobe(root, parsing_dir=None, label_format="pifpaf36"):
    """Reads the file names of the wardrobe."""
    labels = ParsingFiles(parsing_dir, label_format)
    folders = find_folders(
        Path(root), _NAMES.data_set, [("asked", "hung")], ("Wardrobe",)
    )
    return read_query_and_gallery(*folders, _NAMES, labels)


declare(
    DataSet(
        "wardrobe",
        read_wardrobe,
        _NAMES,
        {
            "query": ("asked/w{identity:02}-{number}.png",),
            "gallery": ("hung/w{identity:02}-{number}.png",),
        },
        "Wardrobe",
        {"query": (2, 2), "gallery": (3, 4)},
        camera_mode="fake",
    )
)
'''
USE = """
import sys
from pathlib import Path
import numpy as np
import keras_drop
from keras_drop.__main__ import main
from tests.datasets.miniatures import MINIATURES

folder = Path(sys.argv[1])
root = MINIATURES["wardrobe"].make(folder / "Wardrobe")
splits = keras_drop.datasets.read_wardrobe(root)
assert splits["query"].identities.tolist() == [2, 3]
assert "read_wardrobe" in keras_drop.datasets.__all__
assert keras_drop.datasets.DATA_SETS["wardrobe"].title == "Wardrobe"

assert main(["check", f"--data=wardrobe:{folder}"]) == 2
assert main(["check", f"--data=wardrobe:{root}",
             "--no-strict_counts", "--strict"]) == 0

from keras_drop.evaluation import Protocol
assert Protocol.named("wardrobe_single_shot").camera_mode == "fake"
for side, records in splits.items():
    np.savez(folder / f"{side}.npz", embeddings=np.eye(10)[records.identities],
             identities=records.identities, cameras=records.cameras)
assert main(["evaluate", "--protocol=wardrobe", "--name=mine",
             f"--query={folder}/query.npz",
             f"--gallery={folder}/gallery.npz"]) == 0

try:
    keras_drop.datasets.read_market1501(root)
except FileNotFoundError as error:
    assert "It looks like Wardrobe, as it has asked and hung" in str(error)
(root / "asked" / "0002_c1s1_000451_03.jpg").touch()
try:
    keras_drop.datasets.read_wardrobe(root)
except ValueError as error:
    assert "This one looks like Market-1501" in str(error)
"""


@pytest.mark.slow
def test_one_file_is_enough(tmp_path):
    package = Path(keras_drop.__file__).parent
    copy = tmp_path / "keras_drop"
    shutil.copytree(package, copy, ignore=shutil.ignore_patterns("__pycache__"))
    reader = copy / "datasets" / "readers" / "wardrobe.py"
    reader.write_text(READER)
    tests = package.parent
    done = subprocess.run(
        [sys.executable, "-c", USE, tmp_path],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{tests}"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "error (counts): gallery has 3 identities" not in done.stdout
    assert "error (counts): gallery has 3 images (not 4)" in done.stdout
    assert "wardrobe" in done.stdout


def test_a_name_is_given_once():
    before = dict(DATA_SETS)
    other = dataclasses.replace(
        data_set("p_duke"), name="market1501", counts={}
    )
    with pytest.raises(ValueError, match=r"two data sets 'market1501': of Mar"):
        declare(other)
    assert before == DATA_SETS


@pytest.mark.parametrize("name", sorted(DATA_SETS))
def test_its_files_have_its_names(name):
    known = data_set(name)
    assert (
        {"query", "gallery"}
        <= set(known.files)
        <= {
            "train",
            "query",
            "gallery",
        }
    )
    assert set(known.counts) <= {*known.files, "all"}
    assert callable(known.read)

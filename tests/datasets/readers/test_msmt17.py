import os

import pytest

from keras_drop.datasets import read_msmt17
from tests.datasets.miniatures import MINIATURES

pytestmark = pytest.mark.backend_neutral


@pytest.fixture
def root(tmp_path):
    return MINIATURES["msmt17_trainval"].make(tmp_path / "MSMT17_V2")


def test_identity_of_the_list_and_camera_of_the_name(root):
    (root / "list_query.txt").write_text(
        "0000/0000_000_01_0303morning_0015_0.jpg 0\n"
    )
    folder = root / "mask_test_v2/0000"
    folder.mkdir()
    folder.joinpath("0000_000_01_0303morning_0015_0.jpg").touch()
    query = read_msmt17(root, train="train")["query"]
    assert query.identities.tolist() == [0]
    assert query.cameras.tolist() == [0]


def test_what_is_trained_on_is_named(root):
    assert len(read_msmt17(root, train="train")["train"]) == 3
    assert len(read_msmt17(root, train="trainval")["train"]) == 4
    with pytest.raises(ValueError, match=r"'train', 'trainval'; got 'all'"):
        read_msmt17(root, train="all")
    with pytest.raises(TypeError, match=r"'train'"):
        read_msmt17(root)


@pytest.mark.parametrize(
    "line", ["0000/0000_000_02_0302morning_0015_0.jpg", "a.jpg 1.5", "", "7"]
)
def test_a_line_that_says_nothing_is_named(root, line):
    file = root / "list_query.txt"
    file.write_text(file.read_text() + line + "\n")
    with pytest.raises(ValueError, match=r"Line 3 of .*list_query\.txt"):
        read_msmt17(root, train="train")


def test_lists_that_an_editor_saved(root):
    for file in root.glob("list_*.txt"):
        lines = file.read_text().splitlines()
        file.write_text("\n".join(lines), "utf-8-sig", newline="\r\n")
    for records in read_msmt17(root, train="trainval").values():
        assert all(map(os.path.isfile, records.paths))


def test_lists_of_another_version(root):
    file = root / "list_gallery.txt"
    file.write_text("0009/0009_000_02_0302morning_0015_0.jpg 9\n")
    with pytest.raises(FileNotFoundError, match=r"list_gallery.txt lists .*09"):
        read_msmt17(root, train="train")
    file.unlink()
    with pytest.raises(FileNotFoundError, match=r"no .*list_gallery\.txt"):
        read_msmt17(root, train="train")


def test_a_foreign_name_in_a_list(root):
    (root / "list_query.txt").write_text("0001_c2_f0046182.jpg 1\n")
    with pytest.raises(ValueError, match=r"This one looks like DukeMTMC"):
        read_msmt17(root, train="train")


def test_two_versions_side_by_side(root, tmp_path):
    MINIATURES["msmt17_train"].make(tmp_path / "MSMT17_V1")
    with pytest.raises(ValueError, match=r"MSMT17_V1 and MSMT17_V2"):
        read_msmt17(tmp_path, train="train")
    train = read_msmt17(tmp_path / "msmt17_v2", train="train")["train"]
    assert "MSMT17_V2/mask_train_v2/0001/" in train.paths[0]

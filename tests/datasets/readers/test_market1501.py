import pytest

from keras_drop.datasets import read_market1501
from tests.datasets.folders import save_image
from tests.datasets.miniatures import MINIATURES

pytestmark = pytest.mark.backend_neutral


@pytest.fixture
def root(tmp_path):
    root = MINIATURES["market1501_500k"].make(tmp_path)
    for name in ("-1_c3s2_000000_00.jpg", "0000_c1s1_000151_01.jpg"):
        save_image(root / "bounding_box_test" / name)
    return root


def test_junk_is_left_out_and_distractors_stay(root):
    gallery = read_market1501(root)["gallery"]
    assert gallery.identities.tolist() == [0, 2, 3, 9]
    assert not any("-1_c3s2" in path for path in gallery.paths)


def test_the_further_distractors_are_asked_for(root):
    assert len(read_market1501(root)["gallery"]) == 4
    gallery = read_market1501(root, distractors=True)["gallery"]
    assert gallery.identities.tolist() == [0, 2, 3, 9, 0]
    assert gallery.paths[4].endswith("images/0000_c2s1_000010_00.jpg")


def test_distractors_that_are_none(root):
    save_image(root / "images" / "0005_c2s1_000001_00.jpg")
    with pytest.raises(ValueError, match=r"images/0005_c2s1.*identity than 0"):
        read_market1501(root, distractors=True)


def test_distractors_that_are_not_there(tmp_path):
    root = MINIATURES["market1501"].make(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"no folder images"):
        read_market1501(root, distractors=True)


def test_junk_alone_is_no_gallery(tmp_path):
    root = MINIATURES["market1501"].make(tmp_path)
    for path in (root / "query").iterdir():
        path.rename(path.with_name("-1" + path.name[4:]))
    with pytest.raises(
        FileNotFoundError, match=r"All 2 images in .*query have"
    ):
        read_market1501(root)

"""The two sets of this name, of 2018 and of 2019."""

import shutil

import pytest

from keras_drop.datasets import read_partial_ilids_18, read_partial_ilids_19
from tests.datasets.folders import save_image
from tests.datasets.miniatures import MINIATURES

pytestmark = pytest.mark.backend_neutral


@pytest.mark.parametrize(
    "folders",
    [("partial_body_images", "whole_body_images"), ("query", "gallery")],
)
def test_other_folders_of_2018(tmp_path, folders):
    root = MINIATURES["partial_ilids_18"].make(tmp_path)
    for old, new in zip(("Probe", "Gallery"), folders):
        (root / old).rename(root / "moved").rename(root / new)
    query, gallery = read_partial_ilids_18(root).values()
    assert f"/{folders[0]}/" in query.paths[0]
    assert f"/{folders[1]}/" in gallery.paths[0]


def test_one_is_not_taken_for_the_other(tmp_path):
    old = MINIATURES["partial_ilids_18"].make(tmp_path / "Partial_iLIDS")
    new = MINIATURES["partial_ilids_19"].make(tmp_path / "PartialILIDS")
    with pytest.raises(ValueError, match=r"looks like Partial-iLIDS of 2018"):
        read_partial_ilids_19(old)
    with pytest.raises(ValueError, match=r"looks like Partial-iLIDS of 2019"):
        read_partial_ilids_18(new)
    with pytest.raises(
        ValueError, match=r"PartialILIDS and Partial_iLIDS. Give"
    ):
        read_partial_ilids_18(tmp_path)
    shutil.rmtree(old)
    with pytest.raises(ValueError, match=r"looks like Partial-iLIDS of 2019"):
        read_partial_ilids_18(tmp_path)


def test_partial_reid_is_not_taken_for_that_of_2018(tmp_path):
    root = MINIATURES["partial_reid_cropped"].make(tmp_path)
    save_image(root / "whole_body_images" / "002_002.jpg")
    with pytest.raises(
        ValueError, match=r"has 2 images of person 2; .* one of"
    ):
        read_partial_ilids_18(root)

import pytest

from keras_drop.datasets import read_p_duke
from tests.datasets.folders import save_image
from tests.datasets.miniatures import MINIATURES

pytestmark = pytest.mark.backend_neutral


def test_both_kinds_are_trained_on_and_cameras_are_fake(tmp_path):
    root = MINIATURES["p_duke"].make(tmp_path)
    name = "0003/0003_c5_f0000012.jpg"
    save_image(root / "test/whole_body_images" / name)
    splits = read_p_duke(root)
    train, query, gallery = splits.values()
    kinds = [path.split("/")[-3] for path in train.paths]
    assert kinds == ["occluded_body_images"] * 4 + ["whole_body_images"] * 4
    assert train.cameras.tolist() == [0] * 4 + [1] * 4
    # Query and match are both of the real camera 5.
    assert query.paths[1].endswith("0003/0003_c5_f0000010.jpg")
    assert gallery.paths[2].endswith("0003/0003_c5_f0000012.jpg")
    assert query.identities[1] == gallery.identities[2]
    assert query.cameras[1] != gallery.cameras[2]


def test_people_without_a_whole_body_image_are_named(tmp_path):
    root = MINIATURES["p_duke"].make(tmp_path)
    folder = root / "train/whole_body_images/0004"
    (folder / "0004_c5_f0000007.jpg").unlink()
    with pytest.warns(UserWarning, match=r"1 training identities .*: 4. Files"):
        train = read_p_duke(root)["train"]
    assert train.identities.tolist() == [1, 1, 4, 7, 1, 1, 7]


def test_flat_folders(tmp_path):
    root = MINIATURES["p_duke"].make(tmp_path)
    for path in sorted(root.rglob("*.jpg")):
        path.rename(path.parents[1] / path.name)
    assert len(read_p_duke(root)["train"]) == 8


def test_msmt17_is_not_taken_for_it(tmp_path):
    root = MINIATURES["msmt17_train"].make(tmp_path)
    with pytest.raises(
        FileNotFoundError, match=r"It looks like MSMT17, as it has list_"
    ):
        read_p_duke(root)

import pytest

from keras_drop.datasets import read_p_duke
from tests.datasets.miniatures import MINIATURES

pytestmark = pytest.mark.backend_neutral


def test_both_kinds_are_trained_on_and_cameras_are_fake(tmp_path):
    splits = read_p_duke(MINIATURES["p_duke"].make(tmp_path))
    train, query, gallery = splits.values()
    kinds = [path.split("/")[-3] for path in train.paths]
    assert kinds == ["occluded_body_images"] + ["whole_body_images"] * 2
    assert train.cameras.tolist() == [0, 1, 1]
    # Query and match are both of the real camera 2.
    assert query.paths[0].endswith("0002/0002_c2_f0046182.jpg")
    assert gallery.paths[1].endswith("0002/0002_c2_f0046184.jpg")
    assert query.cameras[0] != gallery.cameras[1]


def test_people_without_a_whole_body_image_are_named(tmp_path):
    root = MINIATURES["p_duke"].make(tmp_path)
    folder = root / "train/whole_body_images/0004"
    (folder / "0004_c5_f0000002.jpg").unlink()
    with pytest.warns(UserWarning, match=r"1 training identities .*: 4. Files"):
        train = read_p_duke(root)["train"]
    assert train.identities.tolist() == [4, 5]


def test_flat_folders(tmp_path):
    root = MINIATURES["p_duke"].make(tmp_path)
    for path in sorted(root.rglob("*.jpg")):
        path.rename(path.parents[1] / path.name)
        path.parent.rmdir()
    assert len(read_p_duke(root)["train"]) == 3


def test_msmt17_is_not_taken_for_it(tmp_path):
    root = MINIATURES["msmt17_train"].make(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"It looks like MSMT17"):
        read_p_duke(root)

import numpy as np
import pytest

from keras_drop.datasets import read_folders
from tests.datasets.folders import save_image

pytestmark = pytest.mark.backend_neutral

PATTERN = r"p(?P<identity>-1|\d+)-cam(?P<camera>\d+)-.*\.png"
FILES = {
    "learn": ("p3-cam0-a.png", "p3-cam7-b.png", "p-1-cam2-c.png"),
    "probe": ("p4-cam1-a.png",),
    "rest": ("p4-cam2-b.png", "p5-cam1-b.png"),
}


@pytest.fixture
def root(tmp_path):
    for folder, names in FILES.items():
        (tmp_path / "p9-cam9-x.png" / folder).mkdir(parents=True)
        for name in names:
            save_image(tmp_path / "p9-cam9-x.png" / folder / name)
    return tmp_path / "p9-cam9-x.png"


def test_names_become_records(root):
    splits = read_folders(root, PATTERN, ("learn", "probe", "rest"))
    assert splits["train"].identities.tolist() == [3, 3]
    assert splits["train"].cameras.tolist() == [0, 7]
    assert splits["query"].cameras.tolist() == [1]
    assert splits["gallery"].identities.tolist() == [4, 5]


def test_a_split_that_there_is_not(root):
    splits = read_folders(root, PATTERN, (None, "probe", "rest"))
    assert list(splits) == ["query", "gallery"]


def test_unknown_cameras(root):
    splits = read_folders(
        root,
        r"p(?P<identity>-1|\d+)-.*",
        ("learn", "probe", "rest"),
        camera_mode="none",
    )
    assert splits["query"].cameras.tolist() == [0]
    assert splits["gallery"].cameras.tolist() == [1, 1]


def test_cameras_that_only_some_names_have(root):
    pattern = r"p(?P<identity>-1|\d+)-cam(?P<camera>[1-9])?.*"
    folders = ("learn", "probe", "rest")
    with pytest.raises(ValueError, match=r"'p3-cam0-a.png'.* camera is empty"):
        read_folders(root, pattern, folders)
    splits = read_folders(root, pattern, folders, camera_mode="none")
    assert splits["train"].cameras.tolist() == [0, 0]


def test_nobody(root, tmp_path):
    (root / "junk").mkdir()
    save_image(root / "junk" / "p-1-cam2-c.png")
    with pytest.raises(FileNotFoundError, match=r"All 1 .*junk .*identity -1"):
        read_folders(root, PATTERN, ("junk", "probe", "rest"), tmp_path)
    with pytest.raises(ValueError, match="`folders` names none of train"):
        read_folders(root, PATTERN, (None, "", None))


def test_labels(root, tmp_path):
    (tmp_path / "labels/learn").mkdir(parents=True)
    for stem in ("p3-cam0-a", "p3-cam7-b"):
        np.save(tmp_path / "labels/learn" / stem, np.zeros((36, 2, 2)))
    train = read_folders(
        root, PATTERN, ("learn", "probe", "rest"), tmp_path / "labels"
    )["train"]
    assert train.parsing_paths[1].endswith("labels/learn/p3-cam7-b.npy")


@pytest.mark.parametrize("depth", [0, 1, 2, 3])
def test_labels_lie_as_deep_as_the_images(tmp_path, depth):
    inner = "/".join(["{}", "door", "day"][:depth])
    for who in ("anna", "bo")[: depth + 1]:
        images = tmp_path / "images/train" / inner.format(who)
        labels = tmp_path / "labels/train" / inner.format(who)
        images.mkdir(parents=True)
        labels.mkdir(parents=True)
        save_image(images / "p1-cam2-a.png")
        np.save(labels / "p1-cam2-a", np.zeros((36, 2, 2)))
    train = read_folders(
        tmp_path / "images",
        PATTERN,
        ("train", None, None),
        tmp_path / "labels",
    )["train"]
    same = [p.replace("/images/", "/labels/") for p in train.paths]
    expected = [p.replace(".png", ".npy") for p in same]
    assert train.parsing_paths.tolist() == expected


def test_two_images_have_no_label_in_common(tmp_path):
    (tmp_path / "labels/train").mkdir(parents=True)
    np.save(tmp_path / "labels/train/p1-cam2-a", np.zeros((36, 2, 2)))
    for who in ("anna", "bo"):
        (tmp_path / "train" / who).mkdir(parents=True)
        save_image(tmp_path / "train" / who / "p1-cam2-a.png")
    folders = ("train", None, None)
    with pytest.raises(ValueError, match=r"anna/.*bo/.* the same label, .*npy"):
        read_folders(tmp_path, PATTERN, folders, tmp_path / "labels")


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        (r"p(?P<person>\d+).*", r"no group identity and no camera: write"),
        (r"p(?P<identity>\d+).*", r"no group camera: write .*camera_mode"),
        (r"p(?P<identity>\d+", "no regular expression"),
        (
            PATTERN.replace("png", "jpg"),
            "'p-1-cam2-c.png', in .*learn, does not match the pattern",
        ),
    ],
)
def test_patterns_that_do_not_fit(root, pattern, message):
    with pytest.raises(ValueError, match=message):
        read_folders(root, pattern, ("learn", "probe", "rest"))


def test_folders_that_are_missing(root):
    with pytest.raises(ValueError, match=r"these are \('probe', 'rest'\)"):
        read_folders(root, PATTERN, ("probe", "rest"))
    with pytest.raises(
        FileNotFoundError, match=r"no folder train and no query.*-drop table"
    ):
        read_folders(root, PATTERN)


def test_people_with_names_and_folders(tmp_path):
    for name in ("train/zoë/a-hall.png", "query/bo/b-1.png", "query/.x/c.png"):
        (tmp_path / name).parent.mkdir(parents=True)
        save_image(tmp_path / name)
    (tmp_path / "query/notes.txt").write_text("no image")
    pattern = "(?P<identity>[^/]+)/.-(?P<camera>.+).png"
    train, query = read_folders(
        tmp_path, pattern, ("train", "query", None)
    ).values()
    assert train.identity_names.tolist() == ["zoë"]
    assert (train.identities[0], query.identities[0]) == (1, 0)
    assert query.camera_names.tolist() == ["1"]
    with pytest.raises(FileNotFoundError, match=r"no images in .*notes"):
        (tmp_path / "notes").mkdir()
        read_folders(tmp_path, pattern, ("notes", None, None))

from pathlib import Path

import pytest

from keras_drop.datasets import read_parsed_images

pytestmark = pytest.mark.backend_neutral


def touch(root, *names):
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()


def test_images_at_any_depth(tmp_path):
    touch(tmp_path, "b.jpg", "street/9/a.PNG", "street/c.tif", "notes.txt")
    touch(tmp_path, ".trash/d.jpg", "a.jpg.part")
    records = read_parsed_images(tmp_path)
    assert records.names.tolist() == ["b", "street/9/a", "street/c"]
    assert [Path(path).suffix for path in records.paths] == [
        ".jpg",
        ".PNG",
        ".tif",
    ]
    assert records.identities.tolist() == [-1, -1, -1]
    assert records.cameras.tolist() == [0, 0, 0]
    assert (records.parsing_paths == "").all()


def test_links_are_what_they_lead_to(tmp_path):
    touch(tmp_path / "disk", "anna/a.jpg", "b.png", ".old/c.jpg")
    root = tmp_path / "photos"
    touch(root, "street/d.jpg")
    for name, target in {
        "anna": tmp_path / "disk/anna",
        "again": tmp_path / "disk/anna",
        "b.png": tmp_path / "disk/b.png",
        "gone.jpg": tmp_path / "gone.jpg",
        "street/back": root,
    }.items():
        (root / name).symlink_to(target)
    records = read_parsed_images(root)
    assert records.names.tolist() == ["again/a", "anna/a", "b", "street/d"]


@pytest.mark.parametrize("inside", [True, False])
@pytest.mark.parametrize(
    ("label_format", "ending"), [("lip", ".png"), ("pifpaf36", ".npy")]
)
def test_labels(tmp_path, inside, label_format, ending):
    root = tmp_path / "images"
    labels = root / "labels" if inside else tmp_path / "labels"
    touch(root, "b.jpg", "street/a.png")
    touch(labels, f"b{ending}", f"street/a{ending}", f"other{ending}")
    records = read_parsed_images(root, labels, label_format)
    assert records.names.tolist() == ["b", "street/a"]
    assert records.parsing_paths.tolist() == [
        str(labels / f"b{ending}"),
        str(labels / f"street/a{ending}"),
    ]
    (labels / f"b{ending}").unlink()
    with pytest.warns(UserWarning, match=rf"1 of 2 .*b\{ending}"):
        records = read_parsed_images(root, labels, label_format)
    assert records.parsing_paths[0] == ""


def test_chosen_folders(tmp_path):
    touch(tmp_path, "query/a.jpg", "train/1/a.jpg", "extra/a.jpg", "a.jpg")
    touch(tmp_path, "parts/query/a.png", "parts/train/1/a.png")
    records = read_parsed_images(
        tmp_path, tmp_path / "parts", folders=("train", "query")
    )
    assert records.names.tolist() == ["query/a", "train/1/a"]
    assert (records.parsing_paths != "").all()


def test_stripes_have_no_labels(tmp_path):
    touch(tmp_path, "a.jpg")
    records = read_parsed_images(tmp_path, tmp_path / "gone", "stripes")
    assert records.parsing_paths.tolist() == [""]


def test_mistakes_are_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no folder .*gone"):
        read_parsed_images(tmp_path / "gone")
    with pytest.raises(FileNotFoundError, match=r"no images in"):
        read_parsed_images(tmp_path)
    touch(tmp_path, "query/a.jpg", "labels/b.png")
    with pytest.raises(FileNotFoundError, match=r"no folder .*gallery"):
        read_parsed_images(tmp_path, folders=("query", "gallery"))
    with pytest.raises(FileNotFoundError, match=r"no folder of labels .*gone"):
        read_parsed_images(tmp_path, tmp_path / "gone")
    with pytest.raises(
        FileNotFoundError, match=r"None of the 1 .*query/a\.png"
    ):
        read_parsed_images(tmp_path, tmp_path / "labels")
    with pytest.raises(ValueError, match=r"`label_format` .*'png9'"):
        read_parsed_images(tmp_path, label_format="png9")
    touch(tmp_path, "query/a.png")
    with pytest.raises(ValueError, match=r"query/a\.\w+ and .* the same label"):
        read_parsed_images(tmp_path)

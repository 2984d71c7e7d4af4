import shutil

import numpy as np
import pytest
from PIL import Image

from keras_drop import Records
from keras_drop.datasets import (
    check_splits,
    data_set,
    read_occluded_duke,
)
from tests.datasets.folders import make_labels, make_occluded_duke, save_image

pytestmark = pytest.mark.backend_neutral


@pytest.fixture
def root(tmp_path):
    return make_occluded_duke(tmp_path / "images")


def found(splits, **arguments):
    """Findings as `(level, kind)` with the names of their files."""
    return {
        (finding.level, finding.kind): [
            str(item).rsplit("/", 1)[-1] for item in finding.items
        ]
        for finding in check_splits(splits, **arguments)
    }


SAME_FILE = {("note", "query_in_gallery"): ["0002_c1_f0000010.jpg"]}


def test_a_clean_set_has_only_its_query_files_in_the_gallery(root):
    assert found(read_occluded_duke(root)) == SAME_FILE


def test_counts(root):
    splits = read_occluded_duke(root)
    counts = {"train": (2, 3), "query": (2, 2), "gallery": (3, 4)}
    assert found(splits, counts=counts) == SAME_FILE
    findings = check_splits(splits, counts=data_set("occluded_duke").counts)
    messages = [f.message for f in findings if f.kind == "counts"]
    assert len(messages) == 3
    assert (
        "train has 2 identities (not 702) and 3 images (not 15,618)"
        in messages[0]
    )


def test_missing_and_broken_images(root):
    splits = read_occluded_duke(root)
    (root / "bounding_box_train" / "0001_c3_f0046190.jpg").unlink()
    broken = root / "query" / "0003_c5_f0000020.jpg"
    broken.write_bytes(broken.read_bytes()[:300])
    assert found(splits) == {
        ("error", "unreadable"): [
            "0001_c3_f0046190.jpg",
            "0003_c5_f0000020.jpg",
        ],
        **SAME_FILE,
    }


def test_duplicated_query(root):
    query = root / "query"
    shutil.copy(query / "0003_c5_f0000020.jpg", query / "0003_c5_f0000077.jpg")
    assert found(read_occluded_duke(root)) == {
        ("error", "duplicate_query"): ["0003_c5_f0000077.jpg"],
        **SAME_FILE,
    }


def test_identity_without_positive(root):
    save_image(root / "query" / "0009_c1_f0000031.jpg", seed=31)
    save_image(root / "query" / "0011_c1_f0000032.jpg", seed=32)
    assert found(read_occluded_duke(root)) == {
        ("error", "no_positive"): [
            "0009_c1_f0000031.jpg",
            "0011_c1_f0000032.jpg",
        ],
        **SAME_FILE,
    }


def test_why_nobody_is_found(root):
    def message(query):
        splits = {**read_occluded_duke(root), "query": query}
        (finding,) = (
            f for f in check_splits(splits) if f.kind == "no_positive"
        )
        return f"{finding.message} {finding.mend}"

    query = read_occluded_duke(root)["query"]
    absent = Records(query.paths, [2, 77], query.cameras)
    assert (
        "1 of 2 queries cannot be found: 1 identities (77) have no gallery"
        in (message(absent))
    )
    wrong = Records(query.paths, [3, 9], [5, 0])
    assert (
        "2 of 2 queries cannot be found: 2 identities (3, 9) have some of"
        in (message(wrong))
    )
    assert "the wrong part of the name, or there are no cameras" in (
        message(wrong)
    )
    one = message(Records(query.paths, [2, 9], query.cameras[[0, 0]]))
    assert "1 identities (9) have some of" in one
    assert "wrong part" not in one


def test_identity_overlap(root):
    save_image(root / "bounding_box_train" / "0009_c1_f0000031.jpg", seed=31)
    assert found(read_occluded_duke(root)) == {
        ("error", "identity_overlap"): ["9"],
        **SAME_FILE,
    }


def test_numbers_that_are_not_shared_and_images_that_are(root):
    shutil.copy(
        root / "query" / "0003_c5_f0000020.jpg",
        root / "bounding_box_train" / "0009_c1_f0000031.jpg",
    )
    splits = read_occluded_duke(root)
    both = {("error", "image_overlap"): ["0009_c1_f0000031.jpg"], **SAME_FILE}
    assert found(splits, shared_numbers=False) == both
    assert found(splits) == {("error", "identity_overlap"): ["9"], **both}


def test_query_files_in_the_gallery_are_listed(tmp_path):
    """Of 20 queries 17 are gallery files too, as in Occluded-Duke."""
    paths = {}
    for person in range(1, 21):
        for split, camera in (("query", 1), ("copy", 1), ("match", 2)):
            folder = tmp_path / split
            folder.mkdir(exist_ok=True)
            path = folder / f"{person:04}_c{camera}_f0000000.jpg"
            save_image(path, seed=person if camera == 1 else -person % 1000)
            paths[split, person] = str(path)
    people = list(range(1, 21))
    query = Records([paths["query", p] for p in people], people, [0] * 20)
    gallery = Records(
        [paths["copy", p] for p in people[:17]]
        + [paths["match", p] for p in people],
        people[:17] + people,
        [0] * 17 + [1] * 20,
    )
    assert found({"query": query, "gallery": gallery}) == {
        ("note", "query_in_gallery"): [
            f"{person:04}_c1_f0000000.jpg" for person in people[:17]
        ]
    }


def test_query_in_the_gallery_under_another_camera(root):
    splits = read_occluded_duke(root)
    query = splits["query"]
    splits["query"] = Records(query.paths, query.identities, [7, 7])
    assert found(splits) == {
        ("warning", "query_in_gallery"): ["0002_c1_f0000010.jpg"],
        **SAME_FILE,
    }


def test_labels(root, tmp_path):
    labels = make_labels(tmp_path / "labels", "densepose14")
    splits = read_occluded_duke(root, labels, "densepose14")
    assert found(splits) == SAME_FILE
    folder = labels / "bounding_box_train"
    Image.fromarray(np.zeros((6, 12), "uint8")).save(
        folder / "0001_c2_f0046182.png"
    )
    (folder / "0004_c8_f0000001.png").write_bytes(b"broken")
    (folder / "0005_c1_f0000005.png").touch()
    assert found(splits) == {
        ("error", "label_size"): ["0001_c2_f0046182.png"],
        ("error", "label_unreadable"): ["0004_c8_f0000001.png"],
        ("warning", "label_unmatched"): ["0005_c1_f0000005.png"],
        **SAME_FILE,
    }
    (folder / "0005_c1_f0000005.png").unlink()
    (folder / "0001_c2_f0046182.png").unlink()
    (folder / "0004_c8_f0000001.png").unlink()
    with pytest.warns(UserWarning, match=r"2 of 3"):
        splits = read_occluded_duke(root, labels, "densepose14")
    assert found(splits) == {
        ("warning", "label_missing"): [
            "0001_c2_f0046182.jpg",
            "0004_c8_f0000001.jpg",
        ],
        **SAME_FILE,
    }


@pytest.mark.parametrize(
    ("label_format", "value", "wrong"),
    [
        ("png7", 7, False),
        ("png7", 8, True),
        ("lip", 20, True),
        ("custom", 255, False),
        (None, 255, False),
    ],
)
def test_values_of_another_format(root, tmp_path, label_format, value, wrong):
    labels = make_labels(tmp_path / "labels", "densepose14")
    name = "0001_c2_f0046182.png"
    ids = np.zeros((12, 6), "uint8")
    ids[3, 3] = value
    Image.fromarray(ids).save(labels / "bounding_box_train" / name)
    splits = read_occluded_duke(root, labels, "densepose14")
    expected = {("error", "label_range"): [name]} if wrong else {}
    assert found(splits, label_format=label_format) == {**expected, **SAME_FILE}


def test_labels_of_three_channels(root, tmp_path):
    labels = make_labels(tmp_path / "labels", "densepose14")
    name = "0001_c2_f0046182.png"
    Image.new("RGB", (6, 12)).save(labels / "bounding_box_train" / name)
    assert found(read_occluded_duke(root, labels, "densepose14")) == {
        ("error", "label_unreadable"): [name],
        **SAME_FILE,
    }


def test_labels_that_are_no_png_files(root, tmp_path):
    """As training refuses them: JPEG changes the numbers."""
    labels = make_labels(tmp_path / "labels", "densepose14")
    name = "0001_c2_f0046182.png"
    file = labels / "bounding_box_train" / name
    Image.fromarray(np.ones((12, 6), "uint8")).save(file, "JPEG")
    splits = read_occluded_duke(root, labels, "densepose14")
    assert found(splits) == {("error", "label_unreadable"): [name], **SAME_FILE}


def test_confidence_fields_of_another_shape(root, tmp_path):
    labels = make_labels(tmp_path / "labels")
    name = "0001_c2_f0046182.jpg.confidence_fields.npy"
    np.save(labels / "bounding_box_train" / name, np.zeros((5, 3, 36)))
    assert found(read_occluded_duke(root, labels)) == {
        ("error", "label_unreadable"): [name],
        **SAME_FILE,
    }


def test_confidence_fields_out_of_range(root, tmp_path):
    labels = make_labels(tmp_path / "labels")
    name = "0001_c2_f0046182.jpg.confidence_fields.npy"
    fields = np.full((36, 5, 3), 1.5, "float32")
    np.save(labels / "bounding_box_train" / name, fields)
    assert found(read_occluded_duke(root, labels)) == {
        ("error", "label_unreadable"): [name],
        ("note", "query_in_gallery"): ["0002_c1_f0000010.jpg"],
    }


def test_images_beside_their_labels_are_no_labels(tmp_path):
    ids = Image.fromarray(np.zeros((12, 6), "uint8"))
    for name in ("a_mask.png", "b_mask.png"):
        ids.save(tmp_path / name)
    save_image(tmp_path / "a.png")
    records = Records(
        [str(tmp_path / "a.png")], [1], [0], [str(tmp_path / "a_mask.png")]
    )
    assert found({"train": records}) == {
        ("warning", "label_unmatched"): ["b_mask.png"]
    }


def test_nothing_to_check():
    assert check_splits({}) == []


def test_one_camera_an_image(tmp_path):
    paths = [f"{tmp_path}/{number}.jpg" for number in range(12)]
    for number, path in enumerate(paths):
        save_image(path, seed=number)
    people = np.arange(12) // 4
    wrong = Records(paths, people, np.arange(12))
    assert found({"train": wrong}) == {("warning", "one_camera_an_image"): []}
    right = Records(paths, people, np.arange(12) % 6)
    assert found({"train": right}) == {}

import shutil

import numpy as np
import pytest
from PIL import Image

from keras_drop import Records
from keras_drop.datasets import (
    OCCLUDED_DUKE_COUNTS,
    check_splits,
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
    findings = check_splits(splits, counts=OCCLUDED_DUKE_COUNTS)
    messages = [f.message for f in findings if f.kind == "counts"]
    assert len(messages) == 3
    assert (
        "train has 2 identities and 3 images, not 702 and 15618"
        in (messages[0])
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


def test_identity_overlap(root):
    save_image(root / "bounding_box_train" / "0009_c1_f0000031.jpg", seed=31)
    assert found(read_occluded_duke(root)) == {
        ("error", "identity_overlap"): ["9"],
        **SAME_FILE,
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
    with pytest.warns(UserWarning, match="2 of 3"):
        splits = read_occluded_duke(root, labels, "densepose14")
    assert found(splits) == {
        ("warning", "label_missing"): [
            "0001_c2_f0046182.jpg",
            "0004_c8_f0000001.jpg",
        ],
        **SAME_FILE,
    }


def test_confidence_fields_of_another_shape(root, tmp_path):
    labels = make_labels(tmp_path / "labels")
    name = "0001_c2_f0046182.jpg.confidence_fields.npy"
    np.save(labels / "bounding_box_train" / name, np.zeros((5, 3, 36)))
    assert found(read_occluded_duke(root, labels)) == {
        ("error", "label_unreadable"): [name],
        **SAME_FILE,
    }


def test_one_camera_an_image(root):
    train = read_occluded_duke(root)["train"]
    paths = np.repeat(train.paths, 4)
    wrong = Records(paths, np.repeat(train.identities, 4), np.arange(12))
    assert found({"train": wrong}) == {("warning", "one_camera_an_image"): []}
    right = Records(paths, np.repeat(train.identities, 4), np.arange(12) % 6)
    assert found({"train": right}) == {}

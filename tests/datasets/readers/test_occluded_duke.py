import numpy as np
import pytest

from keras_drop.data import IdentitySampler, ParsingLabels, TrainingBatches
from keras_drop.datasets import read_occluded_duke
from tests.datasets.folders import make_labels, make_occluded_duke, save_image

pytestmark = pytest.mark.backend_neutral


def test_names_become_records(tmp_path):
    splits = read_occluded_duke(make_occluded_duke(tmp_path))
    assert list(splits) == ["train", "query", "gallery"]
    train, query, gallery = splits.values()
    assert train.identities.tolist() == [1, 1, 4]
    assert train.cameras.tolist() == [1, 2, 7]
    assert query.identities.tolist() == [2, 3]
    assert query.cameras.tolist() == [0, 4]
    assert gallery.identities.tolist() == [2, 2, 3, 9]
    assert train.paths[0].endswith("bounding_box_train/0001_c2_f0046182.jpg")
    assert (train.parsing_paths == "").all()


def test_only_the_base_name_counts(tmp_path):
    root = make_occluded_duke(tmp_path / "run_3_c2" / "0007_c4_f0000000.jpg")
    train = read_occluded_duke(root)["train"]
    assert train.identities.tolist() == [1, 1, 4]
    assert train.cameras.tolist() == [1, 2, 7]


def test_junk_and_files_of_the_system_are_left_out(tmp_path):
    make_occluded_duke(tmp_path)
    save_image(tmp_path / "query" / "-1_c3_f0000000.jpg")
    (tmp_path / "query" / "Thumbs.db").touch()
    (tmp_path / "query" / ".DS_Store").touch()
    assert len(read_occluded_duke(tmp_path)["query"]) == 2


@pytest.mark.parametrize("asked", ["", "occluded_duke", "OCCLUDED-Duke"])
def test_the_root_in_any_capitalisation_or_above(tmp_path, asked):
    make_occluded_duke(tmp_path / "Occluded_Duke")
    assert len(read_occluded_duke(tmp_path / asked)["train"]) == 3


@pytest.mark.parametrize("label_format", ["pifpaf36", "densepose14"])
def test_labels(tmp_path, label_format):
    root = make_occluded_duke(tmp_path / "images")
    labels = make_labels(tmp_path / "labels", label_format)
    splits = read_occluded_duke(root, labels, label_format)
    ending = {
        "pifpaf36": "train/0004_c8_f0000001.jpg.confidence_fields.npy",
        "densepose14": "train/0004_c8_f0000001.png",
    }[label_format]
    assert splits["train"].parsing_paths[2].endswith(ending)
    assert (splits["query"].parsing_paths == "").all()
    batches = TrainingBatches(
        splits["train"],
        (16, 8),
        ParsingLabels(label_format, "five_v"),
        IdentitySampler(2, 2),
    )
    assert batches[0][1]["parsing_weight"].tolist() == [1.0] * 4


@pytest.mark.parametrize("inner", ["", "masks"])
def test_labels_below_the_masks_folder(tmp_path, inner):
    root = make_occluded_duke(tmp_path)
    make_labels(tmp_path / inner / "pifpaf_maskrcnn_filtering")
    train = read_occluded_duke(root, parsing_dir=tmp_path)["train"]
    assert (train.parsing_paths != "").all()


def test_missing_labels_are_counted(tmp_path):
    root = make_occluded_duke(tmp_path / "images")
    labels = make_labels(tmp_path / "labels")
    (
        labels / "bounding_box_train/0001_c3_f0046190.jpg.confidence_fields.npy"
    ).unlink()
    with pytest.warns(UserWarning, match=r"1 of 3 .*0001_c3_f0046190"):
        train = read_occluded_duke(root, labels)["train"]
    assert (train.parsing_paths == "").tolist() == [False, True, False]


def test_no_label_at_all_is_an_error(tmp_path):
    root = make_occluded_duke(tmp_path / "images")
    labels = make_labels(tmp_path / "labels", "densepose14")
    with pytest.raises(FileNotFoundError, match=r"None of the 3 .*pifpaf36"):
        read_occluded_duke(root, labels)
    with pytest.raises(FileNotFoundError, match=r"no folder of labels"):
        read_occluded_duke(root, tmp_path / "gone")
    with pytest.raises(ValueError, match=r"`label_format` .*'png9'"):
        read_occluded_duke(root, labels, "png9")


@pytest.mark.parametrize(
    ("name", "data_set"),
    [
        ("0002_c1s1_000451_03.jpg", "Market-1501"),
        ("0000_000_01_0303morning_0015_0.jpg", "MSMT17"),
        ("001_03.tif", "Occluded-REID"),
    ],
)
def test_a_foreign_file_is_named_and_recognised(tmp_path, name, data_set):
    make_occluded_duke(tmp_path)
    (tmp_path / "query" / name).touch()
    with pytest.raises(ValueError, match=f"query/{name}.*like {data_set}"):
        read_occluded_duke(tmp_path)


def test_an_unknown_file_is_named(tmp_path):
    make_occluded_duke(tmp_path)
    (tmp_path / "query" / "notes.txt").touch()
    with pytest.raises(ValueError, match=r"notes\.txt. Expected names like"):
        read_occluded_duke(tmp_path)


def test_an_empty_folder_is_named(tmp_path):
    make_occluded_duke(tmp_path)
    for path in (tmp_path / "query").iterdir():
        path.unlink()
    with pytest.raises(FileNotFoundError, match=r"no images in .*query"):
        read_occluded_duke(tmp_path)


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no folder .*gone.*your copy"):
        read_occluded_duke(tmp_path / "gone")
    (tmp_path / "query").mkdir()
    (tmp_path / "bounding_box_test").mkdir()
    with pytest.raises(
        FileNotFoundError, match=r"no folder bounding_box_train"
    ):
        read_occluded_duke(tmp_path)


@pytest.mark.parametrize(
    ("folders", "data_set"),
    [
        (("train", "test"), "P-DukeMTMC-reID"),
        (("mask_train_v2", "mask_test_v2"), "MSMT17"),
        (("occluded_body_images", "whole_body_images"), "Occluded-REID"),
        (("Probe", "Gallery"), "Partial-iLIDS"),
    ],
)
def test_the_folder_of_another_data_set_is_recognised(
    tmp_path, folders, data_set
):
    for folder in folders:
        (tmp_path / folder).mkdir()
    with pytest.raises(FileNotFoundError, match=f"It looks like .*{data_set}"):
        read_occluded_duke(tmp_path)


CSV = """path,identity,camera,view,occlusion,twin
query/0003_c5_f0000020.jpg,3,4,back,0.5,
query/0002_c1_f0000010.jpg,2,0,front,0,3
bounding_box_test/0002_c1_f0000010.jpg,2,0,side,0.25,3
bounding_box_test/0002_c7_f0000011.jpg,2,6,side,0,
bounding_box_test/0003_c6_f0000021.jpg,3,5,side,0,
bounding_box_test/0009_c1_f0000030.jpg,9,0,side,0,
bounding_box_train/0001_c2_f0046182.jpg,1,1,side,0,
bounding_box_train/0001_c3_f0046190.jpg,1,2,side,0,
bounding_box_train/0004_c8_f0000001.jpg,4,7,side,0,
"""


def test_columns_of_images_csv(tmp_path):
    make_occluded_duke(tmp_path)
    (tmp_path / "images.csv").write_text(CSV)
    splits = read_occluded_duke(tmp_path)
    query = splits["query"]
    assert query.view.tolist() == ["front", "back"]
    np.testing.assert_array_equal(query.occlusion, [0.0, 0.5])
    assert query.twin.tolist() == ["3", ""]
    assert splits["gallery"].view[0] == "side"
    assert splits["train"].occlusion.dtype == query.occlusion.dtype


def test_images_csv_that_does_not_fit(tmp_path):
    make_occluded_duke(tmp_path)
    (tmp_path / "images.csv").write_text(CSV)
    save_image(tmp_path / "query" / "0002_c2_f0000099.jpg")
    with pytest.raises(ValueError, match=r"no row for 1 .*0002_c2_f0000099"):
        read_occluded_duke(tmp_path)
    (tmp_path / "images.csv").write_text("file,view\na.jpg,front\n")
    with pytest.raises(ValueError, match=r"no column `path`, but file, view"):
        read_occluded_duke(tmp_path)


def test_images_csv_as_spreadsheets_write_it(tmp_path):
    make_occluded_duke(tmp_path)
    file = tmp_path / "images.csv"
    file.write_text(CSV.replace(",", ";"), "utf-8-sig", newline="\r\n")
    query = read_occluded_duke(tmp_path)["query"]
    assert query.view.tolist() == ["front", "back"]
    assert query.twin.tolist() == ["3", ""]
    file.write_text(CSV.replace(",side,0,", ",side", 1))
    with pytest.raises(ValueError, match=r"Line 5 of .*images.csv has 4 val"):
        read_occluded_duke(tmp_path)

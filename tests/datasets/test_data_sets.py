"""What every reader does, on a miniature of its data set."""

import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from keras_drop.datasets import DATA_SETS, check_splits, data_set
from keras_drop.datasets.checking.count_checks import check_counts
from tests.datasets.folders import SIZE
from tests.datasets.miniatures import MINIATURES

pytestmark = pytest.mark.backend_neutral

NAMES = sorted(DATA_SETS)


def read(name, root, parsing_dir=None, label_format="pifpaf36"):
    return data_set(name).read(root, parsing_dir, label_format)


def rows(splits):
    return {
        split: list(zip(records.identities.tolist(), records.cameras.tolist()))
        for split, records in splits.items()
    }


def upper_case(folder):
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir():
            path.rename(path.with_name(path.name.swapcase()))
    return folder.rename(folder.with_name(folder.name.swapcase()))


@pytest.mark.parametrize("name", NAMES)
def test_names_become_records(tmp_path, name):
    miniature = MINIATURES[name]
    root = miniature.make(tmp_path / miniature.root)
    splits = read(name, root)
    assert rows(splits) == miniature.rows
    assert list(splits) == list(miniature.rows)
    for records in splits.values():
        assert all(path.startswith(str(root)) for path in records.paths)
        assert (records.parsing_paths == "").all()


@pytest.mark.parametrize("name", NAMES)
def test_the_root_in_any_capitalisation_or_above(tmp_path, name):
    miniature = MINIATURES[name]
    upper_case(miniature.make(tmp_path / miniature.root))
    assert rows(read(name, tmp_path / miniature.root)) == miniature.rows
    if name != "embedded_pedestrians":  # They are drawn, into any folder.
        assert rows(read(name, tmp_path)) == miniature.rows


@pytest.mark.parametrize("name", NAMES)
def test_only_the_base_name_counts(tmp_path, name):
    root = MINIATURES[name].make(tmp_path / "run_3_c2" / "0007_c4_f0000000.jpg")
    assert rows(read(name, root)) == MINIATURES[name].rows


@pytest.mark.parametrize("name", NAMES)
def test_files_of_the_system_are_left_out(tmp_path, name):
    root = MINIATURES[name].make(tmp_path)
    for folder in [path for path in root.rglob("*") if path.is_dir()]:
        (folder / "Thumbs.db").touch()
        (folder / ".DS_Store").touch()
    assert rows(read(name, root)) == MINIATURES[name].rows


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("label_format", ["pifpaf36", "densepose14"])
def test_labels(tmp_path, name, label_format):
    miniature = MINIATURES[name]
    root = miniature.make(tmp_path / "images")
    label = tmp_path / "masks/pifpaf_maskrcnn_filtering"
    label /= miniature.label(label_format)
    label.parent.mkdir(parents=True)
    label.touch()
    first = next(iter(miniature.rows))
    if first == "train":
        with pytest.warns(
            UserWarning, match=r"training images have no parsing"
        ):
            splits = read(name, root, tmp_path, label_format)
    else:
        splits = read(name, root, tmp_path, label_format)
    found = splits[first].parsing_paths
    assert found[0] == str(label)
    assert (found[1:] == "").all()
    other = {"pifpaf36": "densepose14", "densepose14": "pifpaf36"}[label_format]
    if first == "train":
        with pytest.raises(FileNotFoundError, match=r"None of the \d training"):
            read(name, root, tmp_path, other)
    with pytest.raises(ValueError, match=r"`label_format` .*'png9'"):
        read(name, root, tmp_path, "png9")
    with pytest.raises(FileNotFoundError, match=r"no folder of labels"):
        read(name, root, tmp_path / "gone")


@pytest.mark.parametrize("name", NAMES)
def test_missing_folders_are_named(tmp_path, name):
    with pytest.raises(FileNotFoundError, match=r"no folder .*gone.*your copy"):
        read(name, tmp_path / "gone")
    with pytest.raises(FileNotFoundError, match=r"has no folder"):
        read(name, tmp_path)
    root = MINIATURES[name].make(tmp_path / "images")
    folder = root / MINIATURES[name].folder.split("/")[0]
    shutil.rmtree(folder)
    with pytest.raises(FileNotFoundError, match=f"has no folder {folder.name}"):
        read(name, root)


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_folder_is_named(tmp_path, name):
    root = MINIATURES[name].make(tmp_path)
    if data_set(name).lists:
        (root / "list_query.txt").write_text("")
        with pytest.raises(
            FileNotFoundError, match=r"list_query\.txt is empty"
        ):
            read(name, root)
        return
    folder = MINIATURES[name].folder
    for path in (root / folder).iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    with pytest.raises(FileNotFoundError, match=f"no images in .*{folder}"):
        read(name, root)


@pytest.mark.parametrize("name", [n for n in NAMES if not data_set(n).lists])
@pytest.mark.parametrize(
    ("file", "looks_like"),
    [
        ("0002_c1s1_000451_03.jpg", "Market-1501"),
        ("0001_c2_f0046182.jpg", "Duke"),
        ("0000_000_01_0303morning_0015_0.jpg", "MSMT17"),
        ("001_03.tif", "Occluded-REID"),
        ("001.jpg", "Partial-iLIDS of 2018"),
        ("0001001.jpg", "Partial-iLIDS of 2019"),
        ("notes.txt", None),
    ],
)
def test_a_foreign_file_is_named(tmp_path, name, file, looks_like):
    if re.fullmatch(data_set(name).names.pattern, file, re.IGNORECASE):
        return
    root = MINIATURES[name].make(tmp_path)
    folder = MINIATURES[name].folder
    (root / folder / file).touch()
    with pytest.raises(ValueError, match=r"Not a file name of") as raised:
        read(name, root)
    assert f"{folder}/{file}" in str(raised.value)
    assert "Expected names like" in str(raised.value)
    if looks_like:
        assert "This one looks like" in str(raised.value)
        assert looks_like in str(raised.value)


def found(name, splits, **arguments):
    """Findings other than notes: `(level, kind)` with their files' names."""
    shared = data_set(name).shared_numbers
    return {
        (finding.level, finding.kind): [
            str(item).rsplit("/", 1)[-1] for item in finding.items
        ]
        for finding in check_splits(splits, shared_numbers=shared, **arguments)
    }


@pytest.mark.parametrize("name", NAMES)
def test_what_is_wrong_is_reported_by_name(tmp_path, name):
    miniature = MINIATURES[name]
    splits = read(name, miniature.make(tmp_path))
    counts = {
        split: (len({i for i, _ in expected}), len(expected))
        for split, expected in miniature.rows.items()
    }
    assert found(name, splits, counts=counts) == {}
    query, gallery = splits["query"], splits["gallery"]
    base = [path.rsplit("/", 1)[-1] for path in query.paths]

    person = query.identities[0]
    lonely = {**splits, "gallery": gallery[gallery.identities != person]}
    assert found(name, lonely)["error", "no_positive"] == base[:1]
    assert "counts" in str(found(name, lonely, counts=counts))

    shutil.copy(query.paths[0], query.paths[1])
    assert found(name, splits) == {("error", "duplicate_query"): [base[1]]}

    (tmp_path / query.paths[1]).unlink()
    assert found(name, splits) == {("error", "unreadable"): [base[1]]}


def test_labels_of_shared_folders_match_an_image(tmp_path):
    """Queries and gallery of MSMT17 lie in one folder."""
    miniature = MINIATURES["msmt17_trainval"]
    root = miniature.make(tmp_path / "images")
    for path in sorted(root.rglob("*.jpg")):
        folder = tmp_path / "labels" / path.parents[1].name
        folder.mkdir(parents=True, exist_ok=True)
        ids = Image.fromarray(np.zeros(SIZE, "uint8"))
        ids.save(folder / f"{path.stem}.png")
    with pytest.raises(FileNotFoundError, match=r"None of the 3"):
        read("msmt17_train", root, tmp_path / "labels")
    splits = read("msmt17_trainval", root, tmp_path / "labels", "densepose14")
    assert found("msmt17_trainval", splits) == {}
    splits = read("msmt17_train", root, tmp_path / "labels", "densepose14")
    assert found("msmt17_train", splits) == {
        ("warning", "label_unmatched"): ["0007_004_01_0303noon_0.png"]
    }


@pytest.mark.parametrize("name", ["occluded_reid", "p_duke", "msmt17_trainval"])
def test_labels_in_one_folder_a_person(tmp_path, name):
    """As a copy of the folders of the images has them."""
    miniature = MINIATURES[name]
    root = miniature.make(tmp_path / "images")
    splits = read(name, root)
    nested = 0
    for path in {path for r in splits.values() for path in r.paths}:
        path = Path(path).relative_to(root)
        label = (tmp_path / "labels" / path).with_suffix(".png")
        label.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.zeros(SIZE, "uint8")).save(label)
        nested += len(path.parts) > 2
    assert nested
    splits = read(name, root, tmp_path / "labels", "png7")
    for records in splits.values():
        for path, label in zip(records.paths, records.parsing_paths):
            path = Path(path).relative_to(root).with_suffix(".png")
            assert Path(label) == tmp_path / "labels" / path
    assert found(name, splits, label_format="png7") == {}


@pytest.mark.parametrize("name", NAMES)
def test_stripes_have_no_files(tmp_path, name):
    miniature = MINIATURES[name]
    root = miniature.make(tmp_path / "images")
    for parsing_dir in (None, tmp_path):
        splits = read(name, root, parsing_dir, "stripes")
        assert all((r.parsing_paths == "").all() for r in splits.values())


def test_people_of_training_and_test_are_counted_apart(tmp_path):
    splits = read(
        "msmt17_train", MINIATURES["msmt17_train"].make(tmp_path / "a")
    )
    assert not [*check_counts(splits, {"all": (6, 9)})]
    (finding,) = check_counts(splits, {"all": (4, None), "query": (None, 2)})
    assert "whole data set has 6 identities (not 4)." in finding.message
    (finding,) = check_counts({"query": splits["query"]}, {"train": (1, 2)})
    assert "0 identities (not 1) and 0 images (not 2)" in finding.message


def test_counts_of_the_published_sets():
    assert data_set("market1501").counts["train"] == (751, 12_936)
    assert data_set("market1501").counts["query"] == (750, 3_368)
    assert data_set("market1501").counts["gallery"][1] == 15_913
    assert data_set("market1501_500k").counts["gallery"][1] == 515_913
    assert data_set("dukemtmc").counts["gallery"] == (1_110, 17_661)
    assert data_set("occluded_duke").counts["train"] == (702, 15_618)
    assert data_set("msmt17_trainval").counts["train"][1] == 32_621
    assert "train" not in data_set("msmt17_train").counts
    assert data_set("occluded_reid").counts["query"] == (200, 1_000)
    assert data_set("partial_reid_cropped").counts["gallery"] == (60, 300)
    assert data_set("partial_ilids_18").counts["query"] == (119, 119)
    assert data_set("partial_ilids_19").counts == {
        "query": (107, 238),
        "gallery": (109, 238),
    }
    assert data_set("p_duke").counts == {"all": (1_299, 24_143)}


def test_names():
    with pytest.raises(ValueError, match=r"'partial_reid_cropped' or 'partial"):
        data_set("partial_reid")
    with pytest.raises(ValueError, match=r"'msmt17_train' or 'msmt17_trainval"):
        data_set("msmt17")
    with pytest.raises(
        ValueError, match=r"`data_set` is one of 'dukemtmc', .*'cuhk03'"
    ):
        data_set("cuhk03")

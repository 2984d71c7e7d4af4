import dataclasses

import numpy as np
import pytest

from keras_drop import Records
from keras_drop.datasets import DATA_SETS
from keras_drop.evaluation import Protocol
from tests.datasets.miniatures import MINIATURES

pytestmark = pytest.mark.backend_neutral

NAMES = sorted(DATA_SETS)


@pytest.mark.parametrize("name", NAMES)
def test_named(name):
    multi = Protocol.named(name)
    real = "market", "duke", "occluded_duke", "msmt17", "embedded"
    assert multi.camera_mode == ("real" if name.startswith(real) else "fake")
    assert (multi.gallery_shot, multi.repeats, multi.seed) == ("multi", 100, 1)
    assert multi.average_precision == "standard"
    assert (multi.ties, multi.max_rank) == ("pessimistic", 50)
    single = Protocol.named(f"{name}_single_shot")
    assert single == dataclasses.replace(
        multi, name=f"{name}_single_shot", gallery_shot="single"
    )


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("partial_reid", "'partial_reid_cropped' or 'partial_reid_uncropped'"),
        ("partial_reid_single_shot", "'partial_reid_cropped' or 'partial_reid"),
        ("msmt17", "'msmt17_train' or 'msmt17_trainval'"),
        ("market", "'market1501', .*each may end in '_single_shot'"),
    ],
)
def test_names_that_say_nothing(name, message):
    with pytest.raises(ValueError, match=message):
        Protocol.named(name)


@pytest.mark.parametrize("name", NAMES)
def test_reads_its_data_set(tmp_path, name):
    root = MINIATURES[name].make(tmp_path)
    for protocol in (
        Protocol.named(name),
        Protocol.named(f"{name}_single_shot"),
    ):
        splits = protocol.read(root, strict_counts=False)
        assert list(splits) == list(MINIATURES[name].rows)
        if name == "embedded_pedestrians":
            assert len(protocol.read(root)["query"]) == 2
        else:
            with pytest.raises(ValueError, match=f"not the whole of {name}: "):
                protocol.read(root)


def test_reads_the_labels_that_its_data_set_has(tmp_path):
    root = MINIATURES["embedded_pedestrians"].make(tmp_path / "images")
    label = tmp_path / "labels/bounding_box_train/0001_c2_f0000001.png"
    label.parent.mkdir(parents=True)
    label.touch()
    read = Protocol.named("embedded_pedestrians").read
    with pytest.warns(UserWarning, match="3 of 4"):
        train = read(root, tmp_path / "labels")["train"]
    assert train.parsing_paths[0] == str(label)
    with pytest.raises(FileNotFoundError, match="None of the 4 training"):
        read(root, tmp_path / "labels", "pifpaf36")


def test_own_protocol():
    mine = Protocol(
        "shop", camera_mode="none", gallery_shot="single", repeats=3
    )
    assert mine.camera_mode == "none"
    with pytest.raises(ValueError, match="'shop' is a protocol of your own"):
        mine.read("images")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"camera_mode": "some"}, "`camera_mode` is one of"),
        ({"gallery_shot": "double"}, "`gallery_shot` is one of"),
        ({"average_precision": "best"}, "`average_precision` is one of"),
        ({"ties": "lucky"}, "`ties` is one of"),
        ({"repeats": 0}, "`repeats` is a whole number from 1.* 0"),
        ({"repeats": "often"}, "`repeats` is .*; it is 'often'"),
        ({"max_rank": 0}, "`max_rank` is at least 1"),
        ({"name": ""}, "needs a name"),
    ],
)
def test_choices_that_there_are_not(fields, message):
    with pytest.raises(ValueError, match=message):
        Protocol(**{"name": "shop", **fields})


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [
        ("occluded_duke", "camera_mode", "none"),
        ("occluded_reid", "camera_mode", "real"),
        ("p_duke", "gallery_shot", "single"),
        ("p_duke_single_shot", "gallery_shot", "multi"),
    ],
)
def test_a_known_name_keeps_its_meaning(name, field, value):
    with pytest.raises(
        ValueError, match=f"{name!r} has `{field}` .*of its own"
    ):
        dataclasses.replace(Protocol.named(name), **{field: value})
    variant = dataclasses.replace(
        Protocol.named(name), name="variant", **{field: value}
    )
    assert getattr(variant, field) == value


def test_checksum_of_files():
    protocol = Protocol.named("occluded_duke")
    paths = ["/data/query/1.jpg", "/data/query/2.jpg", "/data/query/3.jpg"]
    query = Records(paths, [1, 2, 3], [0, 1, 2])
    gallery = Records(["/data/gallery/4.jpg"], [1], [1])
    checksum = protocol.checksum(query, gallery)
    assert len(checksum) == 64
    assert int(checksum, 16)
    elsewhere = Records([f"D:\\q\\{i}.jpg" for i in (1, 2, 3)], *ROWS)
    assert protocol.checksum(elsewhere, gallery) == checksum
    assert protocol.checksum(query[[2, 0, 1]], gallery) == checksum
    others = (
        (query[:2], gallery),
        (Records(paths, [1, 2, 4], [0, 1, 2]), gallery),
        (Records(paths, [1, 2, 3], [0, 1, 3]), gallery),
        (Records([*paths[:2], "/data/query/5.jpg"], *ROWS), gallery),
        (gallery, query),
    )
    for records in others:
        assert protocol.checksum(*records) != checksum


ROWS = [1, 2, 3], [0, 1, 2]


def test_checksum_of_fields():
    records = Records(["1.jpg"], [1], [0]), Records(["2.jpg"], [1], [1])

    def checksum(**fields):
        return Protocol(**{"name": "shop", **fields}).checksum(*records)

    variants = [
        {},
        {"name": "other"},
        {"camera_mode": "none"},
        {"average_precision": "trapezoid"},
        {"ties": "stable"},
        {"max_rank": 20},
        {"gallery_shot": "single"},
        {"gallery_shot": "single", "repeats": 10},
        {"gallery_shot": "single", "repeats": "exact"},
        {"gallery_shot": "single", "seed": 2},
    ]
    assert len({checksum(**fields) for fields in variants}) == len(variants)
    assert checksum(seed=2, repeats=10) == checksum()
    exact = {"gallery_shot": "single", "repeats": "exact"}
    assert checksum(**exact, seed=2) == checksum(**exact)


@pytest.mark.parametrize("name", ["repeats", "seed", "max_rank"])
def test_whole_numbers_of_numpy_are_whole_numbers(name):
    records = (Records([f"{k}.jpg"], [7], [k]) for k in range(2))
    given = {"name": "shop", "gallery_shot": "single"}
    one, other = (
        Protocol(**given, **{name: kind(9)}) for kind in (int, np.int64)
    )
    assert one == other and type(getattr(other, name)) is int
    records = tuple(records)
    assert one.checksum(*records) == other.checksum(*records)
    with pytest.raises(ValueError, match=f"`{name}` is .*a whole number"):
        Protocol(**given, **{name: 2.5})

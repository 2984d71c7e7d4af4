from pathlib import Path

import pytest

from keras_drop import Records
from keras_drop.datasets import (
    DataSource,
    OwnData,
    data_sources,
    join_records,
)
from keras_drop.evaluation import Protocol
from tests.datasets.miniatures import MINIATURES

pytestmark = pytest.mark.backend_neutral

NAMES = OwnData("(?P<identity>.)(?P<camera>.).*")


def test_what_a_text_means():
    known = DataSource("occluded_reid:a:b")
    assert (known.name, known.path) == ("occluded_reid", Path("a:b"))
    assert (known.kind, known.camera_mode) == ("a known data set", "fake")
    table = DataSource("C:/x/shop.PARQUET", OwnData(camera_mode="none"))
    assert (table.kind, table.name) == ("a table", "shop")
    assert table.path == Path("C:/x/shop.PARQUET")
    assert table.camera_mode == "none"
    folder = DataSource("x/photos", NAMES)
    assert (folder.kind, folder.name) == ("a folder", "photos")


@pytest.mark.parametrize("name", ["Occluded-Duke", "market1501_single_shot"])
def test_own_data_never_has_the_name_of_a_benchmark(name):
    source = DataSource(f"a/{name}.csv")
    assert source.name == f"own_{name}"
    protocol = Protocol.of_source(source)
    assert (protocol.name, protocol.camera_mode) == (f"own_{name}", "real")
    with pytest.raises(ValueError, match="that of another data set"):
        Protocol.of_source(source, "occluded_duke")
    assert Protocol.of_source(source, "mine").name == "mine"


def test_protocols_of_known_data():
    source = DataSource("occluded_reid:x")
    assert Protocol.of_source(source) == Protocol.named("occluded_reid")
    single = Protocol.of_source(source, "occluded_reid_single_shot")
    assert single.gallery_shot == "single"
    with pytest.raises(ValueError, match="that of another data set"):
        Protocol.of_source(source, "market1501")


@pytest.mark.parametrize(
    ("data", "own", "message"),
    [
        ("market1502:x", OwnData(), "Did you mean 'market1501'"),
        ("msmt17:x", OwnData(), "'msmt17_train' or"),
        ("market1501:", OwnData(), "`data` is 'market1501:'. It is NAME:F"),
        ("photos", OwnData(), "FOLDER, with a `pattern`"),
        ("", NAMES, "`data` is ''"),
        ("a.csv", NAMES, "`pattern` does nothing for a.csv, which is a table"),
        ("market1501:x", OwnData(columns=("path:p",)), "`columns` does not"),
    ],
)
def test_texts_that_mean_nothing(data, own, message):
    with pytest.raises(ValueError, match=message):
        DataSource(data, own)


def test_settings_of_own_data():
    for settings, message in (
        ({"folders": ("a", "b")}, "`folders` is 'a,b'"),
        ({"camera_mode": "fake"}, "`camera_mode` is one of"),
        ({"pattern": "(?P<identity>.)"}, "no group camera"),
        ({"columns": ("pid",)}, "OURS:THEIRS"),
    ):
        with pytest.raises(ValueError, match=message):
            OwnData(**settings)


def test_several_take_what_is_theirs():
    own = OwnData(NAMES.pattern, columns=("identity:pid",))
    known, table, folder = data_sources("market1501:m,a.csv,photos", own)
    assert known.own == OwnData()
    assert table.own == OwnData(columns=("identity:pid",))
    assert folder.own == NAMES
    with pytest.raises(ValueError, match="`columns` does nothing for"):
        data_sources("market1501:m,photos", own)
    with pytest.raises(ValueError, match="names a, a, two of them"):
        data_sources("x/a.csv,y/a.csv")


def test_reads_a_known_set(tmp_path):
    root = MINIATURES["market1501"].make(tmp_path)
    source = DataSource(f"market1501:{root}")
    assert set(source.read()) == {"train", "query", "gallery"}
    with pytest.raises(ValueError, match="not the whole of market1501"):
        source.read(strict_counts=True)


def test_labels_of_a_table(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("path,identity,camera,split,mask\n1.png,a,b,query,1.npy\n")
    own = OwnData(columns=("parsing_path:mask",))
    assert not DataSource(str(file)).has_labels()
    source = DataSource(str(file), own)
    assert source.has_labels()
    assert source.read()["query"].parsing_paths[0].endswith("1.npy")
    with pytest.raises(ValueError, match="`parsing_dir` does nothing for"):
        source.read(tmp_path)


def test_nobody_is_mistaken_in_joined_records():
    shop = Records(["a", "b", "c"], [5, -1, 0], [1, 0, 1], place=[1, 2, 3])
    street = Records(["d", "e"], [0, 5], [-1, 0], ["l", ""], time=[0.5, 1])
    joined = join_records({"shop": shop, "street": street, "again": shop})
    assert joined.paths.tolist() == [*"abcdeabc"]
    assert joined.identities.tolist() == [5, -1, 0, 6, 11, 17, -1, 12]
    assert joined.cameras.tolist() == [1, 0, 1, -1, 2, 4, 3, 4]
    assert joined.data_set.tolist() == [0, 0, 0, 1, 1, 2, 2, 2]
    assert joined.parsing_paths.tolist() == ["", "", "", "l", "", "", "", ""]
    assert "place" not in joined.column_names


def test_a_comma_in_the_name_of_a_table(tmp_path):
    file = tmp_path / "a,b.csv"
    file.write_text("path,identity,camera,split\n")
    (source,) = data_sources(str(file))
    assert source.name == "a,b"
    file.rename(tmp_path / "b.csv")
    texts = f"{tmp_path}/a.csv,{tmp_path}/b.csv"
    assert [source.name for source in data_sources(texts)] == ["a", "b"]

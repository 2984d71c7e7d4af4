import numpy as np
import pytest

from keras_drop.datasets import read_table
from keras_drop.datasets.files import table_file

pytestmark = pytest.mark.backend_neutral

TABLE = """path,identity,camera,split,parsing_path,occlusion,place
a/1.jpg,7,1,train,masks/1.npy,0.5,door
/else/2.jpg,3,2,train,,0.25,shop
q.jpg,9,0,Query,,0,door
g1.jpg,9,0,gallery,,0,shop
g2.jpg,-1,2,gallery,,0,shop
g3.jpg,4,5,gallery,,0,shop
"""


@pytest.fixture
def file(tmp_path):
    file = tmp_path / "mine.csv"
    file.write_text(TABLE)
    return file


def test_rows_become_records(file):
    train, query, gallery = read_table(file).values()
    folder = file.parent
    assert train.paths.tolist() == [f"{folder}/a/1.jpg", "/else/2.jpg"]
    assert train.parsing_paths.tolist() == [f"{folder}/masks/1.npy", ""]
    assert train.identities.tolist() == [7, 3]
    assert train.cameras.tolist() == [1, 2]
    assert train.place.tolist() == ["door", "shop"]
    np.testing.assert_array_equal(train.occlusion, [0.5, 0.25])
    assert query.identities.tolist() == [9]
    assert gallery.identities.tolist() == [9, 4], "junk is left out"
    assert gallery.cameras.tolist() == [0, 5]


def test_people_and_cameras_are_called_by_any_text(file):
    text = TABLE.replace("9,0,", "zoë,hall,").replace("7,1,", "007 bond,1,")
    file.write_text(text, "utf-8")
    train, query, gallery = read_table(file).values()
    assert train.identity_names.tolist() == ["007 bond", "3"]
    assert query.identity_names.tolist() == ["zoë"]
    everybody = sorted(["007 bond", "3", "zoë", "4"])
    assert gallery.identities.tolist() == [
        everybody.index("zoë"),
        everybody.index("4"),
    ]
    assert query.identities[0] == gallery.identities[0]
    assert query.cameras[0] == gallery.cameras[0] != gallery.cameras[1]
    assert gallery.camera_names.tolist() == ["hall", "5"]


def test_names_of_digits_and_underscores_are_other_names(file):
    # Python's `int` reads all four as 112.
    names = ["1_12", "11_2", "1_1_2", "１１２"]
    rows = [f"{k}.jpg,{who},{who},query,{who}" for k, who in enumerate(names)]
    file.write_text("path,identity,camera,split,tracklet\n" + "\n".join(rows))
    query = read_table(file)["query"]
    assert query.identity_names.tolist() == names
    assert len(set(query.identities)) == len(set(query.cameras)) == 4
    assert query.tracklet.tolist() == names


def test_whole_numbers_that_were_stored_as_floats(file):
    file.write_text(TABLE.replace(",9,", ",9.0,").replace(",-1,", ",-1.0,"))
    train, query, gallery = read_table(file).values()
    assert train.identities.tolist() == [7, 3]
    assert query.identities.tolist() == [9]
    assert gallery.identities.tolist() == [9, 4], "junk is left out"


def test_numbers_that_are_too_long_are_text(file):
    long = "9" * 25
    file.write_text(TABLE.replace("shop", long).replace("door", "3"))
    assert read_table(file)["train"].place.tolist() == ["3", long]


def test_columns_of_other_names(file):
    header = TABLE.replace("path,identity,camera", "file,pid,cam", 1)
    file.write_text(header)
    names = ("path:file", "identity:pid", "camera:cam", "occlusion:place")
    with pytest.raises(ValueError, match=r"has no column path and no identity"):
        read_table(file)
    assert read_table(file, names[:3])["query"].identities.tolist() == [9]
    with pytest.raises(ValueError, match="different names"):
        read_table(file, names)
    for wrong in (
        ("identity",),
        ("person:pid",),
        ("path:file", "path:b"),
        (*names[:2], "camera:pid"),
    ):
        with pytest.raises(ValueError, match="`columns`"):
            read_table(file, wrong)
    file.write_text(TABLE)
    with pytest.raises(ValueError, match=r"identity is camera, split is"):
        read_table(file, ("identity:camera",))
    assert read_table(file, ("identity:camera", "camera:identity"))


def test_numbers_of_further_columns(file):
    text = TABLE.replace(",place", ",visibility_head")
    for name, share in {"door": "0.5", "shop": ""}.items():
        text = text.replace(name, share)
    file.write_text(text)
    splits = read_table(file)
    assert splits["query"].visibility_head.tolist() == [0.5]
    assert np.isnan(splits["gallery"].visibility_head).all()
    file.write_text(text.replace("0,0.5", "0,1.5"))
    with pytest.raises(ValueError, match=r"Line 4 .*visibility_head '1.5'"):
        read_table(file)
    file.write_text(text.replace("visibility_head", "time"))
    assert read_table(file)["train"].time[0] == 0.5
    for time in ("door", "1_0"):
        text = TABLE.replace(",place", ",time").replace("door", time)
        file.write_text(text)
        with pytest.raises(ValueError, match=rf"2 .*time '{time}'; it is a n"):
            read_table(file)


@pytest.mark.parametrize("delimiter", ["\t", ";"])
def test_what_spreadsheets_write(file, delimiter):
    text = TABLE.replace(",", delimiter).replace("\n", "\r\n")
    file.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert read_table(file)["gallery"].cameras.tolist() == [0, 5]


def test_another_encoding_is_named(file):
    file.write_bytes(TABLE.replace("shop", "caf\xe9").encode("latin-1"))
    with pytest.raises(ValueError, match=r"Line 3 of .*mine.csv is not in UTF"):
        read_table(file)


def test_a_quoted_line_break_counts(file):
    rows = TABLE.replace("door", '"front\ndoor"', 1).replace("9,0,Q", "9,,Q")
    file.write_text(rows)
    with pytest.raises(ValueError, match=r"Line 5 .* camera ''"):
        read_table(file)


def test_parquet(file):
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    path = file.with_suffix(".parquet")
    columns = {
        "path": ["a.jpg", "b.jpg"],
        "identity": [70_000, 3],
        "camera": ["x", "y"],
        "split": ["query", "gallery"],
        "occlusion": [0.25, None],
    }
    parquet.write_table(pyarrow.table(columns), path)
    query, gallery = read_table(path).values()
    assert query.identities.tolist() == [70_000]
    assert query.occlusion.tolist() == [0.25]
    assert np.isnan(gallery.occlusion[0])
    assert query.paths[0] == str(file.parent / "a.jpg")
    parquet.write_table(pyarrow.table(columns | {"split": ["a", "b"]}), path)
    with pytest.raises(ValueError, match=r"Row 1 of .*split 'a'"):
        read_table(path)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(ValueError, match="no Parquet file"):
        read_table(path)


def test_gaps_and_bytes_of_parquet(file):
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    path = file.with_suffix(".parquet")
    columns = {
        "path": [b"a.jpg", "ö.jpg".encode()],
        "identity": [7.0, -1.0],
        "camera": [0, 1],
        "split": ["gallery ", "gallery"],
        "occlusion": [float("nan"), 0.5],
    }
    parquet.write_table(pyarrow.table(columns), path)
    (gallery,) = read_table(path).values()
    assert gallery.paths.tolist() == [f"{file.parent}/a.jpg"]
    assert np.isnan(gallery.occlusion).tolist() == [True]
    columns["path"][1] = b"\xff.jpg"
    parquet.write_table(pyarrow.table(columns), path)
    with pytest.raises(ValueError, match=r"broken after row 0: .*utf-8"):
        read_table(path)


def test_paths_of_a_store_stay(file):
    file.write_text(TABLE.replace("a/1.jpg", "gs://shop/1.jpg"))
    assert read_table(file)["train"].paths[0] == "gs://shop/1.jpg"


def test_more_rows_than_a_chunk(file, monkeypatch):
    monkeypatch.setattr(table_file, "_CHUNK", 2)
    assert len(read_table(file)["gallery"]) == 2
    file.write_text(TABLE.replace("4,5,gallery", "4,5,galery"))
    with pytest.raises(ValueError, match="Line 7"):
        read_table(file)


def test_unknown_cameras(file):
    file.write_text(file.read_text().replace("9,0,", "9,,"))
    with pytest.raises(ValueError, match=r"Line 4 of .*camera ''"):
        read_table(file)
    splits = read_table(file, camera_mode="none")
    assert splits["query"].cameras.tolist() == [0]
    assert splits["gallery"].cameras.tolist() == [1, 1]
    lines = [line.split(",") for line in TABLE.splitlines()]
    file.write_text("\n".join(",".join(v[:2] + v[3:]) for v in lines))
    assert len(read_table(file, camera_mode="none")["train"]) == 2
    with pytest.raises(ValueError, match="no column camera, but path"):
        read_table(file)
    with pytest.raises(ValueError, match=r"'real', 'none'; got 'fake'"):
        read_table(file, camera_mode="fake")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("7,1,train", ",1,train", "Line 2 .* identity ''"),
        ("7,1,train", "7,1,test", "Line 2 .* split 'test'; .*train, query"),
        ("q.jpg,9,0,Query,,0,door", "q.jpg,9,0", "Line 4 .* 3 values for 7"),
        ("q.jpg,9", ",9", "Line 4 .* path ''"),
        (",place", ",cameras", "columns .* different names"),
        (",place", ",path", "columns .* different names"),
    ],
)
def test_a_value_that_does_not_fit_is_named(file, old, new, message):
    file.write_text(TABLE.replace(old, new))
    with pytest.raises(ValueError, match=message):
        read_table(file)


def test_no_file_and_no_rows(file):
    with pytest.raises(FileNotFoundError, match=r"no file .*gone"):
        read_table(file.parent / "gone.csv")
    file.write_text(TABLE.splitlines()[0])
    with pytest.raises(FileNotFoundError, match=r"lists no images"):
        read_table(file)
    file.write_text(",path\n0,a.jpg\n")
    with pytest.raises(ValueError, match=r"none of them empty.*index=False"):
        read_table(file)
    file.write_text("")
    with pytest.raises(ValueError, match=r"is no table: it is empty"):
        read_table(file)
    file.write_text("path,identity,camera,split\na.jpg,-1,0,query\n")
    with pytest.raises(FileNotFoundError, match=r"All 1 .*mine.csv .* -1"):
        read_table(file)

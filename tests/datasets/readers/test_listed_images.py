import numpy as np
import pytest

from keras_drop.datasets import read_csv

pytestmark = pytest.mark.backend_neutral

TABLE = """path,pid,camid,split,mask,occlusion,place
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
    train, query, gallery = read_csv(file).values()
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


def test_unknown_cameras(file):
    file.write_text(file.read_text().replace("9,0,", "9,none,"))
    with pytest.raises(
        ValueError, match=r"Line 4 of .*camid 'none'.*camera_mo"
    ):
        read_csv(file)
    splits = read_csv(file, camera_mode="none")
    assert splits["query"].cameras.tolist() == [0]
    assert splits["gallery"].cameras.tolist() == [1, 1]
    lines = [line.split(",") for line in TABLE.splitlines()]
    file.write_text("\n".join(",".join(v[:2] + v[3:]) for v in lines))
    assert len(read_csv(file, camera_mode="none")["train"]) == 2
    with pytest.raises(ValueError, match=r"no column camid, but path, pid"):
        read_csv(file)
    with pytest.raises(ValueError, match=r"'real', 'none'; got 'fake'"):
        read_csv(file, camera_mode="fake")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("path,pid", "file,id", "no column path and no pid, but file, id"),
        ("7,1,train", "seven,1,train", "Line 2 .* pid 'seven'"),
        ("7,1,train", "7,1,test", "Line 2 .* split 'test'; .*train, query"),
        ("q.jpg,9,0,Query,,0,door", "q.jpg,9,0", "Line 4 .* 3 values for 7"),
        ("q.jpg,9", ",9", "Line 4 .* no path"),
        (",place", ",cameras", "columns .* different names"),
        (",place", ",pid", "columns .* different names"),
    ],
)
def test_a_value_that_does_not_fit_is_named(file, old, new, message):
    file.write_text(TABLE.replace(old, new))
    with pytest.raises(ValueError, match=message):
        read_csv(file)


def test_no_file_and_no_rows(file):
    with pytest.raises(FileNotFoundError, match=r"no file .*gone"):
        read_csv(file.parent / "gone.csv")
    file.write_text(TABLE.splitlines()[0])
    with pytest.raises(FileNotFoundError, match=r"lists no images"):
        read_csv(file)
    file.write_text("")
    with pytest.raises(ValueError, match=r"but nothing"):
        read_csv(file)

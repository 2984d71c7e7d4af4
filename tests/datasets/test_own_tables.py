import numpy as np
import pytest

from keras_drop import Records
from keras_drop.__main__ import main
from keras_drop.datasets import (
    draw_split,
    join_records,
    read_table,
    write_table,
)
from keras_drop.datasets.files.written_table import splits_table
from tests.datasets.folders import save_image

pytestmark = pytest.mark.backend_neutral


def many(people=9, cameras=3, each=2):
    rows = [(p, c) for p in range(people) for c in range(cameras)] * each
    identities, numbers = np.array(rows).T
    return Records([f"{i}.jpg" for i in range(len(rows))], identities, numbers)


def test_everybody_is_trained_on_or_can_be_found():
    splits = draw_split(many(), 0.4, seed=3)
    train, query, gallery = splits.values()
    assert len(np.unique(query.identities)) == 4
    assert not set(train.identities) & set(gallery.identities)
    assert sum(map(len, splits.values())) == len(many())
    # One image of each camera of several becomes a query.
    assert len(query) == 4 * 3 and len(gallery) == 4 * 3
    for person, camera in zip(query.identities, query.cameras):
        others = (gallery.identities == person) & (gallery.cameras != camera)
        assert others.any()
    assert set(query.paths).isdisjoint(gallery.paths)
    again = draw_split(many(), 0.4, seed=3)["query"].paths
    assert again.tolist() == query.paths.tolist()
    assert (
        draw_split(many(), 0.4, seed=4)["query"].paths.tolist()
        != again.tolist()
    )


def test_one_image_a_camera_leaves_the_others_to_be_found():
    splits = draw_split(many(each=1), 1.0)
    assert "train" not in splits
    assert len(splits["query"]) == 9 and len(splits["gallery"]) == 18


def test_unknown_cameras():
    records = many(people=3, cameras=1, each=4)
    with pytest.raises(ValueError, match="camera_mode='none'"):
        draw_split(records)
    splits = draw_split(records, 1.0, camera_mode="none")
    assert splits["query"].cameras.tolist() == [0] * 3
    assert splits["gallery"].cameras.tolist() == [1] * 9
    with pytest.raises(ValueError, match="`test_people` is 0"):
        draw_split(records, 0)
    for seed in (-1, 1.5):
        with pytest.raises(ValueError, match="`seed` is a whole number from 0"):
            draw_split(records, 1.0, seed, "none")


def test_unknown_cameras_are_not_called_by_names(tmp_path):
    names = {"camera_names": ["hall", "door"] * 2}
    records = Records([*"abcd"], [1, 1, 2, 2], [1, 0, 1, 0], **names)
    file = tmp_path / "mine.csv"
    write_table(file, draw_split(records, 1.0, camera_mode="none"))
    query, gallery = read_table(file).values()
    assert query.cameras.tolist() == [0, 0]
    assert gallery.cameras.tolist() == [1, 1]


def test_junk_is_neither_tested_nor_trained_on():
    records = many(people=2)
    junk = Records(["x.jpg", "y.jpg"], [-1, -1], [0, 1])
    every = join_records({"people": records, "junk": junk})
    for share in (0.5, 1.0):
        splits = draw_split(every, share)
        assert sum(map(len, splits.values())) == len(records)
        assert all((part.identities >= 0).all() for part in splits.values())


def test_what_is_written_is_read(tmp_path):
    text = np.array(["zoë, the 1st", "bo"])
    records = Records(
        [f"{tmp_path}/in/a.jpg", "/else/b.jpg"],
        [1, 0],
        [4, 0],
        ["", f"{tmp_path}/in/b.npy"],
        identity_names=text,
        occlusion=[0.25, np.nan],
    )
    write_table(tmp_path / "t.csv", {"train": records, "query": records[:1]})
    assert "\nin/a.jpg," in (tmp_path / "t.csv").read_text("utf-8")
    train, query = read_table(tmp_path / "t.csv").values()
    assert train.identity_names.tolist() == text.tolist()
    assert train.identities.tolist() == [1, 0]
    np.testing.assert_array_equal(train.occlusion, [0.25, np.nan])
    assert train.parsing_paths.tolist() == ["", f"{tmp_path}/in/b.npy"]
    assert query.cameras.tolist() == [4]
    with pytest.raises(ValueError, match=r"as a \.csv file"):
        write_table(tmp_path / "t.parquet", {"train": records})


def test_names_that_are_no_text_are_named(tmp_path):
    # As a file is called in Python whose name was written in Latin-1.
    path = b"/x/zo\xeb.jpg".decode("utf-8", "surrogateescape")
    with pytest.raises(ValueError, match=r"'/x/zo\\udceb.jpg'.* Rename"):
        write_table(tmp_path / "t.csv", {"query": Records([path], [1], [0])})
    assert not list(tmp_path.iterdir())


def test_columns_have_the_order_of_the_records():
    """That of a set of words differs from process to process."""
    further = {name: [1.0] for name in ("time", "occlusion", "weight", "age")}
    records = Records(["a.jpg"], [7], [2], ["a.png"], **further)
    columns = splits_table({"train": records[:0], "query": records}, "/x")
    expected = ["path", "identity", "camera", "split", *further, "parsing_path"]
    assert list(columns) == expected


def test_paths_of_a_store_stay(tmp_path):
    records = Records(["gs://shop/a.jpg", f"{tmp_path}/b.jpg"], [1, 2], [0, 0])
    (paths, *_) = splits_table({"query": records}, tmp_path).values()
    assert paths.tolist() == ["gs://shop/a.jpg", "b.jpg"]


@pytest.mark.slow
def test_an_example_has_all_that_is_known(tmp_path, capsys):
    folder = tmp_path / "example"
    assert main(["table", f"--example={folder}"]) == 0
    assert f"--data={folder / 'example.csv'}" in capsys.readouterr().out
    splits = read_table(folder / "example.csv")
    assert set(splits) == {"train", "query", "gallery"}
    query = splits["query"]
    assert (query.parsing_paths != "").all() and (query.occlusion >= 0).all()
    assert main(["table", f"--example={folder}", "--folder=x"]) == 2
    assert "goes without --folder" in capsys.readouterr().err
    assert main(["table", "--folder=x"]) == 2
    assert "--pattern, --output is missing" in capsys.readouterr().err


def test_the_command(tmp_path, capsys):
    for name in ("al/door_1", "al/hall_1", "bo/door_1", "bo/hall_2", "cy/x_1"):
        (tmp_path / "photos" / name).parent.mkdir(parents=True, exist_ok=True)
        save_image(tmp_path / f"photos/{name}.png")
    pattern = "--pattern=(?P<identity>[^/]+)/(?P<camera>[^_]+)_.*"
    table = tmp_path / "photos.csv"
    options = (
        *("table", f"--folder={tmp_path / 'photos'}", pattern),
        *(f"--output={table}", "--test_people=1"),
    )
    assert main(options) == 0
    assert f"--data={table}" in capsys.readouterr().out
    train, query, gallery = read_table(table).values()
    assert train.identity_names.tolist() == ["cy"]
    assert sorted(query.identity_names) == ["al", "bo"]
    assert sorted(gallery.identity_names) == ["al", "bo"]
    assert {*gallery.camera_names, *query.camera_names} == {"door", "hall"}
    # Folders of a split that is there stay.
    (tmp_path / "photos").rename(tmp_path / "query")
    for split in ("gallery", "photos"):
        (tmp_path / split).mkdir()
    (tmp_path / "query").rename(tmp_path / "photos/query")
    (tmp_path / "photos/query/al").rename(tmp_path / "gallery/al")
    (tmp_path / "gallery").rename(tmp_path / "photos/gallery")
    assert main(options[:-1]) == 0
    query, gallery = read_table(table).values()
    assert set(query.identity_names) == {"bo", "cy"}
    assert gallery.identity_names.tolist() == ["al", "al"]

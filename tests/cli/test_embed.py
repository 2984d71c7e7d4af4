import importlib
import shutil

import numpy as np
import pytest

from keras_drop.__main__ import main
from keras_drop.embedding import EmbeddedImages
from tests.embedding.photos import describe, embedder, make_photos

pytestmark = pytest.mark.backend_neutral


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def run(text):
        code = main(["embed", *text.split()])
        printed = capsys.readouterr()
        return code, printed.out + printed.err

    return run


@pytest.fixture
def means(monkeypatch):
    """Whatever the model is called, it is one that needs no Keras."""
    module = importlib.import_module("keras_drop.embedding.embed_images")
    monkeypatch.setattr(module, "load_embedder", lambda model: embedder())


def test_a_folder_from_start_to_end(run, means, tmp_path):
    paths, photos = make_photos(tmp_path / "photos", 11)
    (tmp_path / "photos/005.png").write_bytes(b"")
    command = (
        "--model=m.keras --data=photos --output=out --dtype=float16 "
        "--images_each=8 --batch_size=4 --max_unreadable=1"
    )
    code, text = run(command)
    assert code == 0 and text.startswith("shard 1 of 2 is written\n")
    assert "10 images are embedded in out." in text
    assert "1 files were not read; out/unreadable.csv says why." in text
    lost = (tmp_path / "out/unreadable.csv").read_text()
    assert lost.startswith("path,reason\n") and "it is empty" in lost
    embedded = EmbeddedImages("out")
    del paths[5], photos[5]
    assert embedded.columns()["path"].tolist() == paths
    found = embedded.descriptors().embeddings
    for means_of, photo in zip(found, photos, strict=True):
        wanted = describe(photo)[0].astype("float16")
        np.testing.assert_array_equal(means_of, wanted)
    assert "written" not in run(command)[1]
    assert run("--verify=out") == (0, "out is as it was written.\n")
    rows = tmp_path / "out/shards/000001/rows.csv"
    rows.write_text(rows.read_text().replace("png", "jpg"))
    code, text = run("--verify=out")
    assert code == 2 and text == (
        "out/shards/000001/rows.csv is missing, or not as it was.\n"
    )
    code, text = run(command.replace("=8", "=9"))
    assert code == 2 and "was begun with images_each 8; this is 9" in text


def test_a_file_that_was_mended_is_no_longer_listed(run, means, tmp_path):
    make_photos(tmp_path / "photos", 2)
    whole = (tmp_path / "photos/001.png").read_bytes()
    (tmp_path / "photos/001.png").write_bytes(b"")
    command = "--model=m --data=photos --output=out --max_unreadable=1"
    assert "unreadable.csv says why" in run(command)[1]
    (tmp_path / "photos/001.png").write_bytes(whole)
    shutil.rmtree(tmp_path / "out/shards/000000")
    code, text = run(command)
    assert code == 0 and "2 images are embedded" in text
    assert not (tmp_path / "out/unreadable.csv").exists()


def test_splits_of_a_table(run, means, tmp_path):
    make_photos(tmp_path / "photos", 3)
    rows = [f"photos/00{k}.png,anna,{k},query" for k in (0, 1)]
    (tmp_path / "mine.csv").write_text(
        "\n".join(["path,pid,camera,split", *rows, "nowhere.png,x,0,train"])
    )
    code, text = run(
        "--model=m --data=mine.csv --output=out --splits=query,gallery "
        "--columns=identity:pid --image_size=6,3"
    )
    assert code == 0, text
    records = EmbeddedImages("out").records()
    assert records.identity_names.tolist() == ["anna", "anna"]
    assert records.cameras.tolist() == [0, 1]
    assert EmbeddedImages("out").about["image_size"] == [6, 3]


def test_mistakes_are_one_line(run, tmp_path):
    make_photos(tmp_path / "photos", 1)
    for text, why in (
        ("", "--model is missing"),
        ("--model=m.keras --data=photos", "--output is missing"),
        ("--verify=photos", "There are no embedded images in photos"),
        ("--verify=photos --data=x", "--data does nothing with --verify"),
        (
            "--model=m.keras --data=photos --output=o --dtype=float8",
            "`dtype` is one of 'float32', 'float16'",
        ),
        ("--model=m.keras --data=photos --output=o", "no model m.keras"),
        ("--image_size=256", "height,width, as 256,128; got '256'"),
        (
            "--model=m --data=photos --output=o --columns=path:file",
            "NAME:FOLDER",
        ),
    ):
        code, printed = run(text)
        assert code == 2 and why in printed and printed.count("\n") == 1


def test_help(run, capsys):
    with pytest.raises(SystemExit):
        run("--help")
    assert "keras-drop gallery add shop.gallery embedded" in (
        capsys.readouterr().out
    )

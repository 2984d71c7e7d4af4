"""By the runner that Beam has in itself; where Beam is installed."""

import dataclasses
import importlib
import json
from pathlib import Path

import numpy as np
import pytest

beam = pytest.importorskip("apache_beam")
pytestmark = pytest.mark.backend_neutral

from apache_beam.ml.inference.base import RunInference  # noqa: E402

from keras_drop.__main__ import main  # noqa: E402
from keras_drop.embedding import (  # noqa: E402
    EmbeddedImages,
    Storage,
    embed_images,
)
from keras_drop.embedding.beam import (  # noqa: E402
    EmbeddingHandler,
    embed_with_beam,
)
from keras_drop.embedding.beam.files import (  # noqa: E402
    commit_part,
    write_part,
)
from tests.embedding.photos import describe, embedder, make_photos  # noqa: E402

EACH = Storage(images_each=5)


def run(paths, out, model=None, **options):
    options = {"storage": EACH, "batch_size": 3, **options}
    with beam.Pipeline("DirectRunner") as pipeline:
        embed_with_beam(pipeline, model or embedder(), paths, out, **options)
    return EmbeddedImages(out)


def assert_holds(embedded, photos):
    descriptors = embedded.descriptors()
    means, seen = zip(*map(describe, photos))
    np.testing.assert_array_equal(descriptors.embeddings, np.stack(means))
    np.testing.assert_array_equal(descriptors.visibility, np.stack(seen))


@pytest.mark.parametrize("size", [None, (6, 3)])
def test_the_folder_is_that_of_embed_images(tmp_path, size):
    paths, _ = make_photos(tmp_path / "photos", 17)
    images = {"path": paths, "shop": [f"shop {k % 3}" for k in range(17)]}
    model = embedder(image_size=size)
    found = run(images, tmp_path / "beam", model)
    alone = embed_images(model, images, tmp_path / "alone", storage=EACH)
    ours = found.descriptors()
    wanted = alone.descriptors()
    np.testing.assert_array_equal(ours.embeddings, wanted.embeddings)
    np.testing.assert_array_equal(ours.visibility, wanted.visibility)
    for name, values in alone.columns().items():
        np.testing.assert_array_equal(found.columns()[name], values)
    assert {**found.about, "software": 0} == {**alone.about, "software": 0}
    assert found.wrong_files() == []
    assert list((tmp_path / "beam" / "parts").iterdir()) == []
    assert list((tmp_path / "beam" / "rows").iterdir()) == []
    # Whoever began it, the other goes on.
    embed_images(model, images, tmp_path / "beam", storage=EACH)
    run(images, tmp_path / "alone", model)


def test_what_is_there_is_left(tmp_path):
    paths, photos = make_photos(tmp_path / "photos", 12)
    out = tmp_path / "out"
    run(paths, out)
    before = (out / "shards/000000/shard.json").stat().st_mtime_ns
    for file in (out / "shards/000001").iterdir():
        file.unlink()
    write_part(str(out), 1, {"rows.csv": b"of a pipeline that was killed"})
    assert_holds(run(paths, out), photos)
    assert list((out / "parts").iterdir()) == []
    assert (out / "shards/000000/shard.json").stat().st_mtime_ns == before
    with pytest.raises(ValueError, match="was begun with checksum"):
        run(paths, out, dataclasses.replace(embedder(), checksum="1" * 64))
    with pytest.raises(ValueError, match="was begun with images_each 5"):
        run(paths, out, storage=Storage(6))


def test_files_that_cannot_be_read_are_listed(tmp_path):
    paths, photos = make_photos(tmp_path / "photos", 12)
    lost = [paths[k] for k in (1, 5, 6, 7, 8, 9)]
    for path in lost:
        Path(path).write_bytes(b"no image")
    embedded = run(paths, tmp_path / "out", max_unreadable=6)
    assert sorted(embedded.unreadable) == lost
    assert_holds(embedded, [photos[k] for k in (0, 2, 3, 4, 10, 11)])
    with pytest.raises(Exception, match="6 files cannot be read"):
        run(paths, tmp_path / "fewer", max_unreadable=5)
    with pytest.raises(Exception, match=r"001\.png cannot be decoded"):
        run(paths, tmp_path / "none")


def test_files_that_were_lost_before_count_as_well(tmp_path):
    """In shards of the first run, and of one that is made again."""
    paths, _ = make_photos(tmp_path / "photos", 12)
    for k in (1, 5, 11):
        Path(paths[k]).write_bytes(b"no image")
    out = tmp_path / "out"
    run(paths, out, max_unreadable=3)
    for file in (out / "shards/000001").iterdir():
        file.unlink()
    with pytest.raises(Exception, match="3 files cannot be read"):
        run(paths, out, max_unreadable=2)
    assert len(run(paths, out, max_unreadable=3).unreadable) == 3


@pytest.mark.parametrize("name", ["letter.txt", "photos/a.txt"])
def test_the_folder_of_something_else_is_refused(tmp_path, name):
    paths, _ = make_photos(tmp_path / "photos", 2)
    other = tmp_path / "other" / name
    other.parent.mkdir(parents=True)
    other.write_text("mine")
    with pytest.raises(ValueError, match=f"but {Path(name).parts[0]}: it is"):
        run(paths, tmp_path / "other")
    assert [p for p in (tmp_path / "other").rglob("*") if p.is_file()] == [
        other
    ]
    # What a process left that was killed at its first step is not another's.
    (tmp_path / "new").mkdir()
    (tmp_path / "new/lock").touch()
    (tmp_path / "new/.embedded.json.part").write_text("{")
    run(paths, tmp_path / "new")
    (tmp_path / "new/embedded.json").write_text("{")
    with pytest.raises(ValueError, match="not written by this version"):
        run(paths, tmp_path / "new")


def test_a_shard_that_was_tried_twice_is_there_once(tmp_path):
    folder = str(tmp_path)
    files = {"rows.csv": b"a", "shard.json": json.dumps({}).encode()}
    tries = [write_part(folder, 3, files) for _ in range(2)]
    commit_part(folder, 3, *tries[0])
    commit_part(folder, 3, *tries[0])  # A worker that died before it said so.
    shard = tmp_path / "shards/000003"
    assert sorted(p.name for p in shard.iterdir()) == sorted(files)
    with pytest.raises(FileNotFoundError, match="is gone"):
        commit_part(folder, 4, *tries[0])


def test_the_handler_batches(tmp_path):
    """Paths, bytes and arrays; no batch is larger than it should be."""
    paths, photos = make_photos(tmp_path / "photos", 9)
    sizes = []

    def embed(images):
        sizes.append(len(images))
        return embedder().embed(images)

    handler = EmbeddingHandler(embedder(embed=embed), batch_size=4)
    loaded = handler.load_model()
    images = [paths[0], Path(paths[1]).read_bytes(), *photos[2:]]
    found = []

    with beam.Pipeline("DirectRunner") as pipeline:
        _ = (
            pipeline
            | beam.Create(photos, reshuffle=False)
            | RunInference(EmbeddingHandler(embedder(), batch_size=4))
            | beam.Map(lambda result: result.inference["embeddings"].tolist())
            | beam.combiners.ToList()
            | beam.io.WriteToText(str(tmp_path / "found"))
        )
    (file,) = tmp_path.glob("found*")
    wanted = sorted(describe(photo)[0].tolist() for photo in photos)
    assert sorted(json.loads(file.read_text())) == wanted
    for start in range(0, 9, 4):
        found += handler.run_inference(images[start : start + 4], loaded)
    assert sizes == [4, 4, 1]
    assert handler.batch_elements_kwargs()["max_batch_size"] == 4
    for result, photo in zip(found, photos, strict=True):
        means, seen = describe(photo)
        np.testing.assert_array_equal(result.inference["embeddings"], means)
        np.testing.assert_array_equal(result.inference["visibility"], seen)
        assert result.model_id == "0" * 64


def test_the_command(tmp_path, monkeypatch, capsys):
    paths, photos = make_photos(tmp_path / "photos", 7)
    for name in ("embedding_handler", "embed_with_beam"):
        module = importlib.import_module(f"keras_drop.embedding.beam.{name}")
        monkeypatch.setattr(module, "load_embedder", lambda model: embedder())
    command = [
        "--model=means",
        f"--data={tmp_path}/photos",
        f"--output={tmp_path}/out",
        "--images_each=5",
        "--beam=--runner=DirectRunner --direct_num_workers=1",
    ]
    assert main(["embed", *command]) == 0
    assert "7 images are embedded in" in capsys.readouterr().out
    embedded = EmbeddedImages(tmp_path / "out")
    assert embedded.columns()["path"].tolist() == paths
    assert_holds(embedded, photos)

import csv
import hashlib
import json
import os
import shutil
import time
from pathlib import Path

import numpy as np
import pytest

import keras_drop
from keras_drop import Descriptors, Records
from keras_drop.data import ImageBatches, resize_image
from keras_drop.datasets import pack
from keras_drop.embedding import (
    EmbeddedImages,
    Storage,
    embed_images,
    read_columns,
)
from keras_drop.gallery.storing.lock import write_lock
from tests.embedding.photos import describe, embed, embedder, make_photos

pytestmark = pytest.mark.backend_neutral

EACH = Storage(images_each=5)


def expected(photos):
    means, seen = zip(*map(describe, photos))
    return np.stack(means), np.stack(seen)


def assert_holds(embedded, photos):
    descriptors = embedded.descriptors()
    means, seen = expected(photos)
    np.testing.assert_array_equal(descriptors.embeddings, means)
    np.testing.assert_array_equal(descriptors.visibility, seen)
    assert descriptors.visibility.dtype == bool
    assert descriptors.names == ("head", "torso")


@pytest.mark.parametrize("table", ["csv", "parquet"])
def test_every_image_is_in_one_shard(tmp_path, table):
    paths, photos = make_photos(tmp_path / "photos", 17)
    images = {
        "path": paths,
        "identity": [f"person {k % 4}" for k in range(17)],
        "camera": [k % 2 for k in range(17)],
        "time": [k / 2 for k in range(17)],
    }
    told = []
    embedded = embed_images(
        embedder(),
        images,
        tmp_path / "out",
        storage=Storage(images_each=5, table=table),
        batch_size=2,
        tell=told.append,
    )
    assert told == [f"shard {k} of 4 is written" for k in (1, 2, 3, 4)]
    assert_holds(embedded, photos)
    columns = embedded.columns()
    assert columns["row"].tolist() == list(range(17))
    assert columns["path"].tolist() == paths
    assert columns["time"].tolist() == images["time"]
    assert columns["content"].tolist() == [
        hashlib.sha256(Path(path).read_bytes()).hexdigest() for path in paths
    ]
    records = embedded.records()
    assert records.identity_names.tolist() == images["identity"]
    assert records.cameras.tolist() == images["camera"]
    for descriptors, rows in embedded.shards():
        means, seen = expected(photos[rows])
        np.testing.assert_array_equal(descriptors.embeddings, means)
        np.testing.assert_array_equal(descriptors.visibility, seen)
    assert embedded.wrong_files() == [] and not embedded.unreadable


def test_files_are_plain(tmp_path):
    """What a program needs that knows nothing of this one."""
    paths, photos = make_photos(tmp_path / "photos", 7)
    embed_images(embedder(), paths, tmp_path / "out", storage=EACH)
    means, rows = [], []
    for shard in sorted(Path(tmp_path, "out", "shards").iterdir()):
        means.append(np.load(shard / "embeddings.npy"))
        with open(shard / "rows.csv", newline="") as file:
            rows += csv.DictReader(file)
    np.testing.assert_array_equal(np.concatenate(means), expected(photos)[0])
    assert [row["path"] for row in rows] == paths
    about = json.loads(Path(tmp_path, "out", "embedded.json").read_text())
    assert about["model"] == "Means" and about["part_schema"] == "two"


def test_images_are_resized_as_batches_are(tmp_path):
    paths, photos = make_photos(tmp_path / "photos", 7)
    embedded = embed_images(
        embedder(image_size=(6, 3)), paths, tmp_path / "out", batch_size=3
    )
    assert embedded.about["image_size"] == [6, 3]
    assert_holds(embedded, [resize_image(photo, (6, 3)) for photo in photos])
    only = embedded.descriptors().embeddings
    assert isinstance(only.base, np.memmap) or isinstance(only, np.memmap)
    assert len(list(Path(tmp_path, "out").glob("embeddings*"))) == 0
    other = embed_images(
        embedder(image_size=(6, 3)), paths, tmp_path / "two", image_size=(4, 2)
    )
    assert_holds(other, [resize_image(photo, (4, 2)) for photo in photos])


def test_float16_is_half_as_large(tmp_path):
    paths, photos = make_photos(tmp_path / "photos", 7)
    half = Storage(images_each=5, dtype="float16")
    embedded = embed_images(embedder(), paths, tmp_path / "out", storage=half)
    stored = np.load(tmp_path / "out/shards/000000/embeddings.npy")
    means = expected(photos)[0].astype("float16")
    assert stored.dtype == "float16"
    np.testing.assert_array_equal(stored, means[:5])
    np.testing.assert_array_equal(
        embedded.descriptors().embeddings, means.astype("float32")
    )

    def large(images):
        found = embed(images)
        return Descriptors(
            found.embeddings * 1e4, found.visibility, found.names
        )

    with pytest.raises(ValueError, match="float16 does not have"):
        embed_images(
            embedder(embed=large), paths, tmp_path / "large", storage=half
        )


def test_what_a_killed_process_left_is_cleared(tmp_path):
    paths, photos = make_photos(tmp_path / "photos", 7)
    embedded = embed_images(embedder(), paths, tmp_path / "out", storage=EACH)
    old, young = (
        tmp_path / f"out/.embeddings-0123456789ab.npy.{process}.part"
        for process in (1, 2)
    )
    for part in (old, young):
        part.write_bytes(b"half")
    os.utime(old, (time.time() - 7200,) * 2)
    assert_holds(embedded, photos)
    assert young.exists() and not old.exists()


def test_a_stopped_run_goes_on(tmp_path):
    """Finished shards are left; the one that was begun is done again."""
    paths, photos = make_photos(tmp_path / "photos", 17)
    calls = []

    def stops(images):
        calls.append(len(images))
        if len(calls) == 3:
            raise KeyboardInterrupt
        return embed(images)

    out = tmp_path / "out"
    with pytest.raises(KeyboardInterrupt):
        embed_images(embedder(embed=stops), paths, out, storage=EACH)
    with pytest.raises(ValueError, match="2 of the 4 shards"):
        EmbeddedImages(out)
    (out / "shards/.000003.part").mkdir()
    (out / "shards/000001/visibility.npy").write_bytes(b"cut off")
    before = (out / "shards/000000/shard.json").stat().st_mtime_ns
    told = []
    embedded = embed_images(
        embedder(), paths, out, storage=EACH, tell=told.append
    )
    assert told[0] == "1 shards are there" and len(told) == 4
    assert (out / "shards/000000/shard.json").stat().st_mtime_ns == before
    assert_holds(embedded, photos)
    assert sorted(p.name for p in (out / "shards").iterdir()) == [
        f"{k:06}" for k in range(4)
    ]

    def never(images):
        raise AssertionError("All of it is there.")

    assert_holds(
        embed_images(embedder(embed=never), paths, out, storage=EACH), photos
    )


def test_anything_else_is_refused(tmp_path):
    paths, _ = make_photos(tmp_path / "photos", 6)
    out = tmp_path / "out"

    mine = embedder()

    def again(model=mine, images=paths, storage=EACH, **options):
        return embed_images(model, images, out, storage=storage, **options)

    again()
    for name, call in {
        "checksum": lambda: again(embedder("1" * 64)),
        "images_each": lambda: again(storage=Storage(images_each=6)),
        "dtype": lambda: again(storage=Storage(5, "float16")),
        "images 6": lambda: again(images=paths[:5]),
        "data": lambda: again(images=paths[::-1]),
        "columns": lambda: again(
            images={"path": paths, "shop": ["a"] * 6},
        ),
        "image_size": lambda: again(image_size=(6, 3)),
    }.items():
        with pytest.raises(ValueError, match=f"was begun with {name}"):
            call()
    with (
        write_lock(out),
        pytest.raises(BlockingIOError, match="another process"),
    ):
        again()
    with pytest.raises(ValueError, match="not a folder of embedded images"):
        embed_images(embedder(), paths, tmp_path / "photos")
    with pytest.raises(ValueError, match="`dtype` is one of"):
        Storage(dtype="float8")


def test_files_that_cannot_be_read_are_listed(tmp_path):
    paths, photos = make_photos(tmp_path / "photos", 12)
    for k in (1, 5, 6, 7, 8, 9):
        Path(paths[k]).write_bytes(b"" if k == 1 else b"no image")
    Path(paths[5]).unlink()
    out = tmp_path / "out"
    for size in (None, (6, 3)):
        with pytest.raises(ValueError, match=r"001.png cannot be read"):
            embed_images(embedder(), paths, tmp_path / "stops")
        with pytest.raises(ValueError, match="`max_unreadable` is 5"):
            embed_images(
                embedder(image_size=size),
                paths,
                tmp_path / f"{size}",
                storage=EACH,
                max_unreadable=5,
            )
    embedded = embed_images(
        embedder(), paths, out, storage=EACH, max_unreadable=6, batch_size=2
    )
    kept = [0, 2, 3, 4, 10, 11]
    assert_holds(embedded, [photos[k] for k in kept])
    assert embedded.columns()["row"].tolist() == kept
    assert sorted(embedded.unreadable) == [paths[k] for k in (1, *range(5, 10))]
    assert "There is no image" in embedded.unreadable[paths[5]]
    assert len(list(embedded.shards())) == 2
    # Those of shards that are there count too.
    shutil.rmtree(out / "shards/000002")
    with pytest.raises(ValueError, match="6 files cannot be read"):
        embed_images(embedder(), paths, out, storage=EACH, max_unreadable=5)
    embed_images(embedder(), paths, out, storage=EACH, max_unreadable=6)


def test_images_of_packed_files(tmp_path):
    pytest.importorskip("array_record")
    paths, photos = make_photos(tmp_path / "photos", 5)
    records = Records(paths, range(5), [1] * 5)
    table = pack({"query": records}, tmp_path / "packed")
    found = embed_images(embedder(), read_columns(str(table)), tmp_path / "out")
    assert_holds(found, photos)
    assert found.columns()["path"][4].endswith(".array_record@4")
    assert found.records().identities.tolist() == list(range(5))


def test_a_changed_file_is_found(tmp_path):
    paths, _ = make_photos(tmp_path / "photos", 6)
    out = tmp_path / "out"
    embedded = embed_images(embedder(), paths, out, storage=EACH)
    file = out / "shards/000001/embeddings.npy"
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    assert embedded.wrong_files() == [str(file)]


@pytest.mark.slow
def test_a_model_embeds_as_it_does_itself(tmp_path):
    models = keras_drop.models
    model = models.GlobalBaseline(models.resnet18((32, 32)), 3)
    paths, _ = make_photos(tmp_path / "photos", 7)
    wanted = model.embed(ImageBatches(paths, (32, 32), batch_size=4))
    paths.insert(2, str(tmp_path / "none.png"))
    found = embed_images(
        model, paths, tmp_path / "out", batch_size=4, max_unreadable=1
    ).descriptors()
    np.testing.assert_allclose(found.embeddings, wanted.embeddings, atol=1e-5)
    assert found.names == wanted.names == ("global",)

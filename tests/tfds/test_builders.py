"""Builders of TensorFlow Datasets, on miniatures."""

import types

import numpy as np
import pytest
from PIL import Image

from keras_drop.data import read_image
from keras_drop.data.labels.label_files import read_part_ids
from keras_drop.datasets import DATA_SETS, DataSource, OwnData
from keras_drop.evaluation import Protocol
from keras_drop.files.npz_file import read_npy
from tests.datasets.miniatures import MINIATURES

tfds = pytest.importorskip("tensorflow_datasets")
pytest.importorskip("array_record")
pytestmark = pytest.mark.backend_neutral

from keras_drop.tfds import read_tfds  # noqa: E402


def build(name, tmp_path, manual_dir, config=None, file_format="array_record"):
    builder = tfds.builder(
        name,
        config=config,
        data_dir=str(tmp_path / "tfds"),
        file_format=file_format,
    )
    builder.download_and_prepare(
        download_config=tfds.download.DownloadConfig(
            manual_dir=manual_dir, try_download_gcs=False
        )
    )
    return builder


def assert_same(plain, built):
    assert list(built) == sorted(plain) or set(built) == set(plain)
    for split, records in plain.items():
        same = built[split]
        for name in set(records.column_names) - {"paths", "parsing_paths"}:
            expected = getattr(records, name).tolist()
            assert getattr(same, name).tolist() == expected
        for old, new in zip(records.paths, same.paths, strict=True):
            np.testing.assert_array_equal(read_image(old), read_image(new))


def test_splits_without_images_are_left_out(tmp_path, monkeypatch):
    miniature = MINIATURES["occluded_reid"]
    root = miniature.make(tmp_path / "manual" / miniature.root)
    builder = build("occluded_reid", tmp_path, tmp_path / "manual")
    files = dict(builder.info.splits.items())
    empty = types.SimpleNamespace(filepaths=[])
    monkeypatch.setattr(type(builder.info), "splits", {**files, "train": empty})
    assert_same(DATA_SETS["occluded_reid"].read(root), read_tfds(builder))


# Another folder, TIFF images, lists of files.
@pytest.mark.parametrize("name", ["occluded_duke", "occluded_reid"])
def test_a_named_set_is_what_its_reader_reads(name, tmp_path):
    miniature = MINIATURES[name]
    root = miniature.make(tmp_path / "manual" / miniature.root)
    builder = build(name, tmp_path, tmp_path / "manual")
    built = read_tfds(builder)
    assert_same(DATA_SETS[name].read(root), built)
    source = builder.as_data_source(split="query")
    first = source[0]
    np.testing.assert_array_equal(
        first["image"], read_image(built["query"].paths[0])
    )
    assert first["camera"] == built["query"].cameras[0]


def test_a_table_with_labels_and_columns(tmp_path):
    root = MINIATURES["market1501"].make(tmp_path / "images")
    images = sorted(root.rglob("*.jpg"))[:3]
    rng = np.random.default_rng(0)
    manual = tmp_path / "manual"
    manual.mkdir()
    np.save(manual / "a.npy", rng.random((36, 4, 2)).astype("float32"))
    lines = ["path,identity,camera,split,parsing_path,occlusion"]
    for image, split in zip(images, ("train", "query", "gallery")):
        label = "a.npy" if split == "train" else ""
        lines.append(f"{image},anna,door,{split},{label},0.25")
    (manual / "shop.csv").write_text("\n".join(lines))
    builder = build("own_table", tmp_path, manual)
    built = read_tfds(builder)
    source = DataSource(f"tfds:{builder.data_dir}")
    assert source.name == "own_table" and source.known is None
    assert source.has_labels() and len(source.read()["train"]) == 1
    assert_same(DataSource(str(manual / "shop.csv")).read(), built)
    (label,) = built["train"].parsing_paths
    np.testing.assert_array_equal(read_npy(label), np.load(manual / "a.npy"))
    assert built["query"].parsing_paths.tolist() == [""]


@pytest.mark.slow
def test_the_usual_format_is_read_where_it_is(tmp_path, monkeypatch):
    """As `tfds.load` builds it, by the text of `--data`."""
    miniature = MINIATURES["market1501"]
    root = miniature.make(tmp_path / "manual" / miniature.root)
    label = root / "parsing" / miniature.label("densepose14")
    label.parent.mkdir(parents=True)
    Image.new("L", (6, 12), 5).save(label)
    with pytest.warns(UserWarning, match="training images have no parsing"):
        loaded = tfds.load(
            "market1501/densepose14",
            split="gallery",
            data_dir=tmp_path / "tfds",
            download_and_prepare_kwargs={
                "download_config": tfds.download.DownloadConfig(
                    manual_dir=tmp_path / "manual", try_download_gcs=False
                )
            },
        )
    monkeypatch.setattr(tfds.core.constants, "DATA_DIR", str(tmp_path / "tfds"))
    folder = tmp_path / "tfds/market1501/densepose14/1.0.0"
    for text in ("market1501/densepose14", str(folder)):
        source = DataSource(f"tfds:{text}")
        assert (source.name, source.path) == ("market1501", folder)
        assert source.has_labels() and source.label_format == "densepose14"
        assert Protocol.of_source(source) == Protocol.named("market1501")
        built = source.read()
        assert_same(DATA_SETS["market1501"].read(root), built)
    assert (
        read_part_ids(built["train"].parsing_paths[0], (12, 6), "custom")[0, 0]
        == 5
    )
    images = [example["image"] for example in tfds.as_numpy(loaded)]
    for path, image in zip(built["gallery"].paths, images, strict=True):
        # TensorFlow rounds differently when it decodes JPEG.
        difference = read_image(path).astype(int) - image
        assert np.abs(difference).mean() < 3
    with pytest.raises(ValueError, match="not the whole of market1501"):
        source.read(strict_counts=True)
    with pytest.raises(ValueError, match="`parsing_dir` does nothing for tfds"):
        source.read(tmp_path)
    file, _, place = path.partition("@")
    with pytest.raises(ValueError, match="no row begins at 3"):
        read_image(f"{file}@3/image")
    with open(file, "r+b") as opened:
        opened.truncate(int(place.split("/")[0]) + 40)
    with pytest.raises(ValueError, match="is cut off"):
        read_image(path)
    with pytest.raises(ValueError, match="is cut off"):
        source.read()


def test_what_is_not_built_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(tfds.core.constants, "DATA_DIR", str(tmp_path))
    with pytest.raises(FileNotFoundError, match="have not built market1501 in"):
        DataSource("tfds:market1501").read()
    with pytest.raises(FileNotFoundError, match="has no dataset_info"):
        DataSource(f"tfds:{tmp_path}").read()
    with pytest.raises(ValueError, match="`camera_mode` does nothing for tfds"):
        DataSource("tfds:market1501", OwnData(camera_mode="none"))
    builder = tfds.builder(
        "market1501", data_dir=str(tmp_path), file_format="array_record"
    )
    with pytest.raises(FileNotFoundError, match="download_and_prepare"):
        read_tfds(builder)
    monkeypatch.setattr(type(builder), "is_prepared", lambda self: True)
    other = tfds.builder(
        "market1501", data_dir=str(tmp_path), file_format="parquet"
    )
    with pytest.raises(ValueError, match="has the file format parquet; single"):
        read_tfds(other)
    (tmp_path / "manual").mkdir()
    (tmp_path / "manual" / "note.txt").write_text("no table")
    with pytest.raises(FileNotFoundError, match="0 tables"):
        build("own_table", tmp_path, tmp_path / "manual")


@pytest.mark.nightly
def test_drawn_pedestrians_are_built_by_preset(tmp_path):
    builder = build("embedded_pedestrians", tmp_path, None, "mini")
    built = read_tfds(builder)
    assert len(built["query"]) == 12
    assert "occluder" in built["query"].column_names
    assert (built["train"].parsing_paths != "").all()
    source = builder.as_data_source(split="query")
    image = read_image(built["query"].paths[3])
    np.testing.assert_array_equal(source[3]["image"], image)

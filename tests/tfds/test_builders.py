"""Builders of TensorFlow Datasets, on miniatures."""

import numpy as np
import pytest

from keras_drop.data import read_image
from keras_drop.datasets import DATA_SETS, DataSource
from keras_drop.files.npz_file import read_npy
from tests.datasets.miniatures import MINIATURES

tfds = pytest.importorskip("tensorflow_datasets")
pytest.importorskip("array_record")
pytestmark = pytest.mark.backend_neutral

from keras_drop.tfds import read_tfds  # noqa: E402


def build(name, tmp_path, manual_dir, config=None):
    builder = tfds.builder(
        name,
        config=config,
        data_dir=str(tmp_path / "tfds"),
        file_format="array_record",
    )
    builder.download_and_prepare(
        download_config=tfds.download.DownloadConfig(manual_dir=manual_dir)
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
    built = read_tfds(build("own_table", tmp_path, manual))
    assert_same(DataSource(str(manual / "shop.csv")).read(), built)
    (label,) = built["train"].parsing_paths
    np.testing.assert_array_equal(read_npy(label), np.load(manual / "a.npy"))
    assert built["query"].parsing_paths.tolist() == [""]


def test_what_is_built_otherwise_is_refused(tmp_path):
    builder = tfds.builder("market1501", data_dir=str(tmp_path))
    with pytest.raises(ValueError, match='file_format="array_record"'):
        read_tfds(builder)
    builder = tfds.builder(
        "market1501", data_dir=str(tmp_path), file_format="array_record"
    )
    with pytest.raises(FileNotFoundError, match="download_and_prepare"):
        read_tfds(builder)
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

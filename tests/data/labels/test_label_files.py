import numpy as np
import pytest
from PIL import Image

from keras_drop.data.labels.label_files import (
    read_confidence_fields,
    read_part_ids,
)

pytestmark = pytest.mark.backend_neutral


def save(path, fields):
    np.save(path, fields)
    return path


def test_fields_are_transposed(tmp_path):
    fields = np.random.default_rng(0).random((36, 17, 9))
    loaded = read_confidence_fields(save(tmp_path / "a.npy", fields))
    assert loaded.shape == (17, 9, 36)
    assert loaded.dtype == "float32"
    np.testing.assert_allclose(loaded[3, 4], fields[:, 3, 4], rtol=1e-6)


@pytest.mark.parametrize("shape", [(17, 9, 36), (36, 17), (35, 17, 9)])
def test_fields_of_another_shape_are_named(tmp_path, shape):
    path = save(tmp_path / "wrong.npy", np.zeros(shape))
    with pytest.raises(ValueError, match=r"wrong\.npy has the shape"):
        read_confidence_fields(path)


@pytest.mark.parametrize("value", [-0.1, 1.5, np.nan])
def test_fields_out_of_range_are_named(tmp_path, value):
    path = save(tmp_path / "wrong.npy", np.full((36, 2, 2), value))
    with pytest.raises(ValueError, match=r"wrong\.npy has values outside"):
        read_confidence_fields(path)


def test_a_file_that_is_no_array_is_named(tmp_path):
    (tmp_path / "broken.npy").write_bytes(b"\x93NUMPY")
    with pytest.raises(ValueError, match=r"broken\.npy is no array"):
        read_confidence_fields(tmp_path / "broken.npy")


def test_a_missing_label_is_named(tmp_path):
    for read in (read_confidence_fields, lambda path: read_part_ids(path, 0)):
        with pytest.raises(FileNotFoundError, match=r"label .*gone"):
            read(tmp_path / "gone")


def test_part_ids(tmp_path):
    ids = np.random.default_rng(0).integers(0, 15, (6, 4)).astype("uint8")
    Image.fromarray(ids).save(tmp_path / "a.png")
    np.testing.assert_array_equal(
        read_part_ids(tmp_path / "a.png", (6, 4)), ids
    )


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        (np.zeros((4, 6), "uint8"), r"a\.png is 4 x 6 .* its image 6 x 4"),
        (np.full((6, 4), 15, "uint8"), r"a\.png has the value 15"),
        (np.zeros((6, 4, 3), "uint8"), r"a\.png is an image of the mode 'RGB'"),
    ],
)
def test_wrong_part_ids_are_named(tmp_path, ids, message):
    Image.fromarray(ids).save(tmp_path / "a.png")
    with pytest.raises(ValueError, match=message):
        read_part_ids(tmp_path / "a.png", (6, 4))


@pytest.mark.parametrize("kind", ["JPEG", "BMP"])
def test_another_kind_of_file_is_named(tmp_path, kind):
    """By what is in it: JPEG has changed the numbers."""
    ids = np.random.default_rng(0).integers(0, 15, (6, 4)).astype("uint8")
    Image.fromarray(ids).save(tmp_path / "a.png", kind)
    with pytest.raises(ValueError, match=rf"a\.png is a {kind} file; .* PNG"):
        read_part_ids(tmp_path / "a.png", (6, 4), highest=255)


def test_a_broken_png_is_named(tmp_path):
    (tmp_path / "a.png").write_bytes(b"\x89PNG")
    with pytest.raises(ValueError, match=r"a\.png cannot be decoded"):
        read_part_ids(tmp_path / "a.png", (6, 4))


@pytest.mark.parametrize(
    ("label_format", "highest"),
    [
        ("densepose14", 14),
        ("densepose24", 24),
        ("png7", 7),
        ("png4", 4),
        ("pascal", 6),
        ("lip", 19),
        ("atr", 17),
    ],
)
def test_the_range_of_each_format(tmp_path, label_format, highest):
    path = tmp_path / "a.png"
    ids = np.array([[0, highest]], "uint8")
    image = Image.fromarray(ids)
    image.putpalette([*range(256)] * 3)  # as some releases store them
    image.save(path)
    np.testing.assert_array_equal(
        read_part_ids(path, (1, 2), label_format), ids
    )
    Image.fromarray(ids + np.uint8(1)).save(path)
    message = (
        rf"a\.png has the value {highest + 1}; .*{label_format}' have 0 to"
    )
    with pytest.raises(ValueError, match=f"{message} {highest}"):
        read_part_ids(path, (1, 2), label_format)

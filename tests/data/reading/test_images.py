import io

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from keras_drop.data import read_image, resize_image
from tests.reference.training_transforms import resize_bilinear

pytestmark = pytest.mark.backend_neutral


def make_image(height, width, seed=0):
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, (height, width, 3)).astype("uint8")


def test_reads_rgb(tmp_path):
    image = make_image(7, 5)
    Image.fromarray(image).save(tmp_path / "a.png")
    np.testing.assert_array_equal(read_image(tmp_path / "a.png"), image)


def test_grey_becomes_three_channels(tmp_path):
    grey = make_image(7, 5)[..., 0]
    Image.fromarray(grey).save(tmp_path / "grey.jpg", quality=100)
    image = read_image(tmp_path / "grey.jpg")
    assert image.shape == (7, 5, 3)
    assert (image[..., 0] == image[..., 2]).all()
    np.testing.assert_allclose(image[..., 0].astype(int), grey, atol=3)


def broken_files():
    buffer = io.BytesIO()
    Image.fromarray(make_image(64, 32)).save(buffer, "JPEG")
    content = buffer.getvalue()
    return {
        "cut": content[: len(content) // 2],
        "empty": b"",
        "text": b"not an image",
    }


@pytest.mark.parametrize("kind", ["cut", "empty", "text"])
def test_a_broken_file_is_named(tmp_path, kind):
    path = tmp_path / "0001_c1_f0000001.jpg"
    path.write_bytes(broken_files()[kind])
    with pytest.raises(ValueError, match=r"0001_c1_f0000001\.jpg cannot be"):
        read_image(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no image .*gone\.jpg"):
        read_image(tmp_path / "gone.jpg")


@pytest.mark.parametrize("size", [(9, 7), (4, 13), (32, 16), (11, 6)])
def test_resize_matches_reference_and_tensorflow(size):
    image = make_image(11, 6)
    actual = resize_image(image, size)
    assert actual.dtype == "float32"
    batch = np.full((3, *size, 3), 77, "float32")
    assert np.shares_memory(resize_image(image, size, batch[1]), batch)
    np.testing.assert_array_equal(batch[1], actual)
    assert (batch[::2] == 77).all()
    np.testing.assert_allclose(
        actual, resize_bilinear(image, *size), rtol=1e-5, atol=1e-3
    )
    np.testing.assert_allclose(
        actual,
        tf.image.resize(image, size, "bilinear", antialias=False).numpy(),
        rtol=1e-5,
        atol=1e-3,
    )

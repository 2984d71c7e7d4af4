import keras
import numpy as np
import pytest

from keras_drop.data import ImageBatches, read_image, resize_image
from tests.data.folders import make_records

SIZE = 24, 12


@pytest.mark.backend_neutral
@pytest.mark.parametrize("workers", [1, 3])
def test_all_images_in_order(tmp_path, workers):
    paths = make_records(tmp_path).paths[::-1]
    batches = ImageBatches(paths, SIZE, batch_size=6, workers=workers)
    assert [len(batch) for batch in batches] == [6, 6, 6, 2]
    images = np.concatenate(list(batches))
    assert images.dtype == "float32"
    for path, image in zip(paths, images, strict=True):
        expected = resize_image(read_image(path), SIZE)
        np.testing.assert_array_equal(image, expected)


@pytest.mark.backend_neutral
def test_errors(tmp_path):
    with pytest.raises(ValueError, match="no images to make batches of"):
        ImageBatches([], SIZE)
    with pytest.raises(ValueError, match="two whole numbers"):
        ImageBatches(["a.png"], (24,))
    for name in ("batch_size", "workers"):
        with pytest.raises(
            ValueError, match=f"`{name}` is at least 1, a whole"
        ):
            ImageBatches(["a.png"], SIZE, **{name: 0})
    with pytest.raises(ValueError, match=r"2 images, .* the shape \(3,\)"):
        ImageBatches(["a.png", "b.png"], SIZE, cameras=[0, 1, 1])
    batches = ImageBatches(make_records(tmp_path).paths, SIZE)
    assert batches.cameras is None
    with pytest.raises(IndexError, match="Batch 1 of 1"):
        batches[1]
    with pytest.raises(FileNotFoundError, match=r"gone\.jpg"):
        ImageBatches(["gone.jpg"], SIZE)[0]


def test_predict_keeps_the_order(tmp_path):
    paths = make_records(tmp_path).paths
    model = keras.Sequential(
        [keras.Input((*SIZE, 3)), keras.layers.GlobalAveragePooling2D()]
    )
    batches = ImageBatches(paths, SIZE, batch_size=8, workers=2)
    expected = np.concatenate([batch.mean((1, 2)) for batch in batches])
    for _ in range(2):
        actual = model.predict(batches, verbose=0)
        np.testing.assert_allclose(actual, expected, rtol=1e-4)

import numpy as np
import pytest

from keras_drop.data.occlusions.occluders.sam_masks import SAMMasks
from keras_drop.data.reading.images import resize_image
from tests.data.occlusions.tiny_sam import tiny_sam

POINTS = [(0.1, 0.2), (0.5, 0.5), (0.9, 0.3), (0.2, 0.8), (0.6, 0.1)]
PADDING = 123.675, 116.28, 103.53


@pytest.fixture(scope="module")
def segmenter():
    return tiny_sam()


def make_image(size=(32, 24)):
    return np.random.default_rng(0).integers(0, 256, (*size, 3)).astype("uint8")


def together(masks, image, points=POINTS):
    return [np.concatenate(arrays) for arrays in zip(*masks(image, points))]


@pytest.mark.slow
def test_equals_the_segmenter_point_by_point(segmenter):
    image = make_image()
    logits, predicted_iou = together(SAMMasks(segmenter, 2), image)
    padded = np.zeros((1, 64, 64, 3), "float32") + PADDING
    padded[0, :64, :48] = resize_image(image, (64, 48))
    for number, (column, row) in enumerate(POINTS):
        outputs = segmenter.predict(
            {
                "images": padded.astype("float32"),
                "points": np.array(
                    [[[48 * column - 0.5, 64 * row - 0.5], [0, 0]]], "float32"
                ),
                "labels": np.array([[1, -1]], "float32"),
            },
            verbose=0,
        )
        np.testing.assert_allclose(
            logits[number],
            np.asarray(outputs["masks"])[0, 1:, :, :12],
            rtol=1e-3,
            atol=1e-4,
        )
        np.testing.assert_allclose(
            predicted_iou[number],
            np.asarray(outputs["iou_pred"])[0, 1:],
            rtol=1e-3,
            atol=1e-4,
        )
    assert len({mask.tobytes() for mask in logits}) == len(POINTS)


@pytest.mark.backend_neutral
def test_masks_are_as_large_as_a_quarter_of_the_image(segmenter):
    masks = SAMMasks(segmenter, 3)
    assert masks.side == 64
    for size, expected in (
        ((32, 24), (16, 12)),
        ((30, 200), (3, 16)),
        ((99, 99), (16, 16)),
    ):
        logits, predicted_iou = together(masks, make_image(size))
        assert logits.shape == (5, 3, *expected)
        assert logits.dtype == predicted_iou.dtype == "float32"
        assert predicted_iou.shape == (5, 3)
        shapes = [a.shape[0] for a, _ in masks(make_image(size), POINTS)]
        assert shapes == [3, 2]


@pytest.mark.slow
@pytest.mark.backend_neutral
def test_the_converter_of_the_preprocessor_normalises(segmenter):
    class Preprocessor:
        def image_converter(self, images):
            return images / 255

    class Segmenter:
        backbone = segmenter.backbone
        preprocessor = Preprocessor()

    image = make_image()
    converted = together(SAMMasks(Segmenter(), 5), image)
    plain = together(SAMMasks(segmenter, 5), image)
    assert not np.allclose(converted[0], plain[0])

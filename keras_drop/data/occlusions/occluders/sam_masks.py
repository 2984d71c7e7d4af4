"""Segment Anything, asked at points."""

import keras
import numpy as np
from keras import ops

from keras_drop.data.reading.images import resize_image

# What the images are padded with: SAM sees 0 there after normalisation.
_PADDING = (123.675, 116.28, 103.53)
_STRIDE = 4


class SAMMasks:
    """What KerasHub's SAM takes for an object at each of some points.

    The image is encoded once, however many points there are. It is resized so
    that it fits into the square that SAM sees, and stands in its upper left
    corner.

    Args:
        segmenter: `keras_hub.models.SAMImageSegmenter`; its preprocessor, if
            it has one, normalises.
        points_at_once: Points that are decoded together.

    Call arguments:
        image: `(height, width, 3)` RGB values from 0 to 255.
        points: `(n, 2)` column and row of each point, from 0 to 1.

    Returns:
        Iterator of `(logits, predicted_iou)`, `points_at_once` points each:
        `(n, masks, h, w)` float32 mask logits, above 0 inside, of a quarter of
        the resized image's size, and `(n, masks)` float32, how good SAM holds
        them. A point has several masks, such as an object and a part of it.

    Example:
    >>> from keras_drop.data.occlusions.occluders.sam_masks import SAMMasks
    >>> segmenter = keras_hub.models.SAMImageSegmenter.from_preset(
    ...     "sam_base_sa1b")  # doctest: +SKIP
    >>> logits, predicted_iou = next(SAMMasks(segmenter)(
    ...     image, [(0.5, 0.5)]))  # doctest: +SKIP

    Reference:
        [Kirillov et al., 2023](https://arxiv.org/abs/2304.02643)
    """

    def __init__(self, segmenter, points_at_once=64):
        preprocessor = segmenter.preprocessor
        self._normalise = preprocessor and preprocessor.image_converter
        self._encoder = segmenter.backbone.image_encoder
        self._decoder = _decoder(segmenter.backbone, points_at_once)
        self.side = int(self._encoder.input_shape[1])
        self.points_at_once = points_at_once

    def __call__(self, image, points):
        ratio = self.side / max(image.shape[:2])
        size = tuple(max(round(n * ratio), 1) for n in image.shape[:2])
        images = np.empty((1, self.side, self.side, 3), "float32")
        images[:] = _PADDING
        images[0, : size[0], : size[1]] = resize_image(image, size)
        if self._normalise:
            images = np.asarray(self._normalise(images))
        embedding = self._encoder.predict_on_batch(images)
        points = np.asarray(points, "float32") * (size[1], size[0])
        rows, columns = (-(-length // _STRIDE) for length in size)
        for start in range(0, len(points), self.points_at_once):
            now = points[start : start + self.points_at_once]
            prompts = np.zeros((self.points_at_once, 2, 2), "float32")
            # SAM adds the half to come to the middle of a pixel.
            prompts[: len(now), 0] = now - 0.5
            outputs = self._decoder.predict_on_batch(
                {"embedding": embedding, "points": prompts}
            )
            # The first mask is for prompts of several points.
            logits = outputs["masks"][: len(now), 1:, :rows, :columns]
            predicted_iou = outputs["iou_pred"][: len(now), 1:]
            yield logits.astype("float32"), predicted_iou.astype("float32")


def _decoder(backbone, num_points):
    """Model from one image's embedding and several points to their masks."""
    encoder = backbone.image_encoder
    embedding = keras.Input(
        batch_shape=(1, *encoder.output_shape[1:]), name="embedding"
    )
    points = keras.Input(batch_shape=(num_points, 2, 2), name="points")
    # SAM wants a point that is none, of the label -1, where there is no box.
    labels = 1 - 2 * ops.cast(ops.arange(2), "float32")
    labels = points[..., 0] * 0 + labels
    prompt = backbone.prompt_encoder(points=points, labels=labels)
    outputs = backbone.mask_decoder(image_embeddings=embedding, **prompt)
    return keras.Model({"embedding": embedding, "points": points}, outputs)

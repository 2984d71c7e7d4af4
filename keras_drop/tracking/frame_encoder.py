from typing import Literal

import numpy as np

from keras_drop.checks import checked_choice, refuse_negative
from keras_drop.data.cropping.crop_boxes import cut
from keras_drop.descriptors import Descriptors
from keras_drop.evaluation.reranking.neighbours import (
    unit_length,
    visible_shares,
)
from keras_drop.tracking.detections import boxes_of


class FrameEncoder:
    """A model as the encoder that trackers of others call.

    Called with an image and boxes it returns one vector a box: the parts, each
    of unit length times the root of its visibility, one after the other, the
    whole of unit length. The cosine of two such vectors is that of the parts
    that both show, less by what only one of them shows: a tracker that knows
    nothing of parts cannot be told "unknown". `describe` gives `Descriptors`
    to who can.

    The vectors stand in for the embeddings that trackers ask for:

    - Ultralytics calls an encoder with `(image, boxes)`, boxes by their
      centre: `FrameEncoder(model.embed, box_format="xywh", channels="bgr")`.
    - BoxMOT takes embeddings beside its rows of detections:
      `tracker.update(rows, frame, encoder(frame, rows[:, :4]))`, with
      `channels="bgr"`.
    - supervision's `Detections` are taken as boxes as they are.

    None of the three is needed here, nor was run.

    Args:
        embed: Function of a list of crops that returns their `Descriptors` or
            `(crops, dim)` vectors, such as `model.embed`.
        box_format: `"xyxy"`, left, top, right, bottom, or `"xywh"`, centre,
            width, height.
        channels: `"rgb"`, or `"bgr"`, as OpenCV reads them.
        padding: Around a box, as a share of its size on each side.

    Raises:
        ValueError: An unknown choice, or a padding below 0.

    Example:
    >>> import numpy as np
    >>> from keras_drop.tracking import FrameEncoder
    >>> encoder = FrameEncoder(lambda crops: np.array(
    ...     [crop.mean(axis=(0, 1)) for crop in crops]))
    >>> image = np.zeros((40, 40, 3), "uint8")
    >>> image[:, :20, 0] = 90
    >>> encoder(image, [[0, 0, 9, 20], [50, 0, 60, 20]]).tolist()
    [[1.0, 0.0, 0.0], [0.0, 0.0, 0.0]]

    Reference:
        [Ultralytics, `ReID`](
        https://docs.ultralytics.com/reference/trackers/utils/reid),
        [supervision, `Detections`](
        https://supervision.roboflow.com/latest/detection/core/)
    """

    def __init__(
        self,
        embed,
        box_format: Literal["xyxy", "xywh"] = "xyxy",
        channels: Literal["rgb", "bgr"] = "rgb",
        padding=0.0,
    ):
        checked_choice("box_format", box_format, ("xyxy", "xywh"))
        checked_choice("channels", channels, ("rgb", "bgr"))
        refuse_negative(padding=padding)
        self.embed = embed
        self.box_format = box_format
        self.channels = channels
        self.padding = padding
        self._empty = None

    def __call__(self, image, boxes):
        """`(num_boxes, parts * dim)` float32, zeros where there is nothing."""
        return flat_vectors(self.describe(image, boxes))

    def describe(self, image, boxes):
        """`Descriptors` of the boxes of an image, a row for each.

        A box without a pixel in the image shows no part.

        Args:
            image: `(height, width, 3)` uint8.
            boxes: `(num_boxes, 4)`; further columns are not looked at. Or an
                object with `xyxy`.

        Raises:
            ValueError: An image or boxes of another shape.
        """
        crops = self.crops(image, boxes)
        there = np.array([crop.size > 0 for crop in crops], bool)
        if not there.any():
            return self._nothing(len(crops))
        found = as_descriptors(self.embed([c for c in crops if c.size]))
        shape = found.embeddings.shape
        embeddings = np.zeros((len(crops), *shape[1:]), "float32")
        visibility = np.zeros((len(crops), shape[1]), found.visibility.dtype)
        embeddings[there], visibility[there] = (
            found.embeddings,
            found.visibility,
        )
        self._empty = shape[1], shape[2], found.names
        return Descriptors(embeddings, visibility, found.names)

    def crops(self, image, boxes):
        """The RGB pixels of each box, none of one beyond the image."""
        image = np.asarray(image)
        if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8:
            raise ValueError(
                f"An image is (height, width, 3) uint8; it is {image.shape} "
                f"{image.dtype}."
            )
        if self.channels == "bgr":
            image = image[..., ::-1]
        boxes = self._boxes(boxes)
        margin = self.padding * (boxes[:, 2:] - boxes[:, :2])
        # Above or left of an image, where indices count from its other end.
        beyond = (boxes[:, 2:] + margin <= 0).any(axis=1)
        return [
            image[:0] if out else cut(image, box, self.padding)
            for out, box in zip(beyond, boxes)
        ]

    def _nothing(self, count):
        if self._empty is None:
            # How long a vector is, only the model knows.
            one = as_descriptors(self.embed([np.zeros((64, 32, 3), "uint8")]))
            self._empty = *one.embeddings.shape[1:], one.names
        parts, dim, names = self._empty
        return Descriptors(
            np.zeros((count, parts, dim)), np.zeros((count, parts)), names
        )

    def _boxes(self, boxes):
        if hasattr(boxes, "xyxy"):
            return boxes_of(boxes)
        boxes = np.asarray(boxes, "float64")
        if not boxes.size:
            return boxes_of(boxes)
        boxes = boxes[..., :4]
        if self.box_format == "xywh":
            half = boxes[:, 2:] / 2
            boxes = np.hstack([boxes[:, :2] - half, boxes[:, :2] + half])
        return boxes_of(boxes)


def flat_vectors(descriptors):
    """`(images, parts * dim)` float32 of unit length; no part, no length."""
    roots = np.sqrt(visible_shares(descriptors.visibility))[..., None]
    vectors = unit_length(descriptors.embeddings) * roots
    count, parts, dim = vectors.shape
    vectors = vectors.reshape(count, parts * dim)
    return unit_length(vectors).astype("float32")


def as_descriptors(found):
    """`Descriptors`, also of vectors, which are of one part in full sight."""
    return found if isinstance(found, Descriptors) else Descriptors(found)

"""What trackers of others give and take."""

from types import SimpleNamespace

import numpy as np
import pytest

from keras_drop import Descriptors
from keras_drop.tracking import FrameEncoder, TrackletMemory, read_detections
from keras_drop.tracking.frame_encoder import flat_vectors

pytestmark = pytest.mark.backend_neutral


def embed(crops):
    """Two parts, upper and lower half; one that is black is hidden."""
    halves = [np.array_split(crop.astype(float), 2) for crop in crops]
    colours = np.array([[h.mean(axis=(0, 1)) for h in two] for two in halves])
    return Descriptors(colours, colours.any(axis=2), ("top", "bottom"))


def frame():
    image = np.zeros((40, 60, 3), "uint8")
    image[:20, :30] = 200, 100, 0
    image[20:, :30] = 0, 0, 90
    image[:20, 30:] = 50, 50, 50
    return image


XYXY = np.array([[0, 0, 20, 40], [35, 0, 55, 40], [-30, -30, -5, -9]])


def test_boxes_in_both_forms_and_channels_are_the_same():
    expected = FrameEncoder(embed)(frame(), XYXY)
    sizes = XYXY[:, 2:] - XYXY[:, :2]
    rows = np.hstack([XYXY[:, :2] + sizes / 2, sizes, np.ones((3, 2))])
    theirs = FrameEncoder(embed, box_format="xywh", channels="bgr")
    np.testing.assert_allclose(theirs(frame()[..., ::-1], rows), expected)
    assert expected.shape == (3, 6) and expected.dtype == np.float32
    np.testing.assert_allclose(
        np.linalg.norm(expected, axis=1), [1, 1, 0], rtol=1e-6
    )


def test_padding_takes_more_of_the_image():
    crops = FrameEncoder(embed, padding=0.5).crops(frame(), [[10, 10, 20, 20]])
    np.testing.assert_array_equal(crops[0], frame()[5:25, 5:25])


def test_what_is_beyond_the_image_shows_nothing():
    encoder = FrameEncoder(embed)
    nothing = encoder.describe(frame(), XYXY[2:])
    assert nothing.names == ("top", "bottom") and not nothing.visibility.any()
    described = encoder.describe(frame(), XYXY)
    assert described.visibility.tolist() == [[1, 1], [1, 0], [0, 0]]
    assert encoder(frame(), np.zeros((0, 4))).shape == (0, 6)


def test_a_cosine_is_that_of_the_parts_in_common():
    rng = np.random.default_rng(0)
    one, two = rng.normal(size=(2, 1, 3, 4))
    seen = np.array([[True, True, False]]), np.array([[True, False, True]])
    a, b = (
        flat_vectors(Descriptors(e, v))[0] for e, v in zip((one, two), seen)
    )
    unit = [e[0, 0] / np.linalg.norm(e[0, 0]) for e in (one, two)]
    assert a @ b == pytest.approx(unit[0] @ unit[1] / 2, rel=1e-5)


class Tensor:
    """As one on a device."""

    def __init__(self, values):
        self.values = np.array(values)

    def cpu(self):
        return self.values

    def __array__(self, *args, **kwargs):
        raise TypeError("copy it to the CPU first")


def test_detections_of_others_are_read():
    ours = read_detections(
        SimpleNamespace(
            xyxy=XYXY[:2], tracker_id=np.array([4, 9]), confidence=[0.5, 0.7]
        )
    )
    assert ours.track_ids.tolist() == [4, 9]
    theirs = read_detections(
        SimpleNamespace(xyxy=Tensor(XYXY[:2]), id=None, conf=Tensor([0.5, 1]))
    )
    assert theirs.track_ids.tolist() == [-1, -1]
    assert theirs.scores.tolist() == [0.5, 1]
    np.testing.assert_array_equal(theirs.boxes, ours.boxes)


def test_detections_go_into_a_memory_as_they_are():
    detections = SimpleNamespace(xyxy=XYXY[:2], tracker_id=np.array([4, 9]))
    memory = TrackletMemory()
    memory.update(
        detections.tracker_id,
        FrameEncoder(embed).describe(frame(), detections),
        detections,
    )
    assert memory.track_ids == (4, 9)


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: read_detections("boxes"), "object with `xyxy`"),
        (
            lambda: read_detections(SimpleNamespace(xyxy=XYXY, id=[1])),
            "one value a box",
        ),
        (lambda: FrameEncoder(embed, box_format="tlwh"), "'xyxy', 'xywh'"),
        (lambda: FrameEncoder(embed)(np.zeros((4, 4)), XYXY), "uint8"),
    ],
)
def test_what_is_none_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()

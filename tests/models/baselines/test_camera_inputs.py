import numpy as np
import pytest

from keras_drop.models.baselines.camera_inputs import (
    batches_with_cameras,
    checked_cameras,
)

pytestmark = pytest.mark.backend_neutral


def test_known_and_unknown_cameras():
    cameras = checked_cameras([0, -1, 4], 5, 3)
    assert cameras.dtype == "int32"
    assert cameras.tolist() == [0, -1, 4]


@pytest.mark.parametrize(
    ("cameras", "num_cameras", "message"),
    [
        ([0, 0, 0], 0, "does not tell cameras apart"),
        ([0, 0], 5, r"There are 3 images, .* shape \(2,\)"),
        ([[0], [0], [0]], 5, r"shape \(3, 1\)"),
        ([0, 5, 0], 5, "cameras 0 to 4 apart, received 5"),
        ([0, 0, -2], 5, "received -2"),
    ],
)
def test_refuses_cameras(cameras, num_cameras, message):
    with pytest.raises(ValueError, match=message):
        checked_cameras(cameras, num_cameras, 3)


def test_every_batch_gets_its_cameras():
    batches = [np.full((count, 2, 2, 3), count) for count in (2, 3, 1)]
    given = list(batches_with_cameras(batches, np.arange(6)))
    assert [x["cameras"].tolist() for (x,) in given] == [[0, 1], [2, 3, 4], [5]]
    for (x,), images in zip(given, batches, strict=True):
        assert x["images"] is images

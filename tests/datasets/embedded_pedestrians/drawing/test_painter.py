import numpy as np
import pytest

from keras_drop.datasets.embedded_pedestrians.drawing.outline import box
from keras_drop.datasets.embedded_pedestrians.drawing.painter import (
    Material,
    Painter,
)

pytestmark = pytest.mark.backend_neutral


def painter():
    picture = np.zeros((64, 48, 3), np.uint8)
    return Painter(picture, 64, np.random.default_rng(1))


def test_a_later_shape_hides_an_earlier_one():
    canvas = painter()
    canvas.shape(box(5, 5, 30, 40), Material((200, 0, 0), folds=0), 3)
    canvas.shape(box(15, 5, 40, 40), Material((0, 0, 200), folds=0), 7)
    assert canvas.labels[20, 10] == 3 and canvas.labels[20, 20] == 7
    assert canvas.picture[20, 20, 0] == 0 and canvas.picture[20, 20, 2] > 150
    assert canvas.alpha[20, 38] == 255 and canvas.alpha[50, 20] == 0


def test_shapes_may_reach_out_of_the_picture_or_miss_it():
    canvas = painter()
    material = Material((90, 90, 90))
    canvas.shape(box(-20, -20, 4, 4), material, 1)
    canvas.shape(box(40, 60, 90, 90), material, 2)
    before = canvas.labels.copy()
    canvas.shape(box(100, 100, 120, 120), material, 5)
    canvas.shape(box(-50, -50, -20, -20), material, 5)
    np.testing.assert_array_equal(canvas.labels, before)
    assert set(np.unique(before)) == {0, 1, 2}


def test_stripes_run_across_the_axis():
    canvas = painter()
    cloth = Material((250, 0, 0), "striped", (0, 0, 250), period=128, folds=0)
    axis = (24, 0), (24, 64), 1000
    canvas.shape(box(4, 4, 44, 60), cloth, 1, axis)
    reds = canvas.picture[:, 24, 0] > 100
    changes = np.flatnonzero(reds[6:58][1:] != reds[6:58][:-1])
    np.testing.assert_array_equal(np.diff(changes), 8)
    assert (reds[6:58] == (canvas.picture[:, 30, 0] > 100)[6:58]).all()


def test_a_cylinder_is_brighter_on_the_side_of_the_light():
    sides = []
    for light in (-1, 1):
        picture = np.zeros((64, 48, 3), np.uint8)
        canvas = Painter(picture, 64, np.random.default_rng(1), light)
        axis = (24, 0), (24, 64), 20
        grey = Material((150, 150, 150), folds=0)
        canvas.shape(box(4, 4, 44, 60), grey, 1, axis)
        row = picture[30, :, 0].astype(int)
        sides.append(row[30:40].mean() - row[8:18].mean())
    assert sides[0] < -10 and sides[1] > 10

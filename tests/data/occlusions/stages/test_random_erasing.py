import numpy as np
import pytest

from keras_drop.data.occlusions import RandomErasing
from tests.data.occlusions.banks import box_of, hide

pytestmark = pytest.mark.backend_neutral
DPEFORMER = RandomErasing(1.0, (0.05, 0.4), (0.3, 3.3), "normal")


def make_image(size=(256, 128)):
    return np.random.default_rng(0).uniform(0, 255, (*size, 3)).astype("f4")


def apply(stage, seed, image=None):
    return hide(stage, make_image() if image is None else image, seed)


def test_hides_one_rectangle_and_tells_which():
    image, boxes = make_image(), []
    for seed in range(300):
        erased, hidden = apply(DPEFORMER, seed, image)
        np.testing.assert_array_equal(erased[~hidden], image[~hidden])
        assert (erased[hidden] != image[hidden]).any(axis=-1).all()
        boxes.append(box_of(hidden))
    tops, lefts, heights, widths = np.array(boxes, "float64").T
    area, aspect = heights * widths / (256 * 128), heights / widths
    assert 0.045 < area.min() < 0.08
    assert 0.3 < area.max() < 0.41
    assert 0.29 < aspect.min() < 0.6
    assert 3.0 < aspect.max() < 3.4
    assert abs((tops / (256 - heights)).mean() - 0.5) < 0.06
    places = (lefts / np.maximum(128 - widths, 1))[widths < 128]
    assert abs(places.mean() - 0.5) < 0.06


def test_flat_and_tall_rectangles_are_as_frequent_as_drawn():
    image = make_image((64, 64))

    def share_of_tall(**arguments):
        stage = RandomErasing(1.0, (0.05, 0.1), (0.25, 4.0), **arguments)
        sides = [
            box_of(apply(stage, seed, image)[1])[2:] for seed in range(300)
        ]
        return np.mean([height > width for height, width in sides])

    assert abs(share_of_tall(log_aspect=True) - 0.5) < 0.09
    assert share_of_tall() > 0.7, "3 of 3.75 by the uniform aspect"


def test_reaches_every_edge():
    stage = RandomErasing(1.0, (0.25, 0.25), (1.0, 1.0))
    image = make_image((8, 8))
    boxes = [box_of(apply(stage, seed, image)[1]) for seed in range(100)]
    for corners in np.array(boxes).T[:2]:
        assert set(corners.tolist()) == {0, 1, 2, 3, 4}, "4 of 8 pixels"


def test_the_release_fills_with_normal_noise_on_the_unit_image():
    erased, hidden = apply(DPEFORMER, 0)
    noise = erased[hidden] / 255
    assert abs(noise.mean()) < 0.05
    assert abs(noise.std() - 1) < 0.05


def test_the_other_fills():
    erased, hidden = apply(RandomErasing(1.0), 1)
    assert abs(erased[hidden].mean() - 127.5) < 5
    assert erased[hidden].min() == 0
    assert erased[hidden].max() == 255
    erased, hidden = apply(RandomErasing(1.0, fill="mean"), 1)
    expected = np.array([0.485, 0.456, 0.406]) * 255 + 0 * erased[hidden]
    np.testing.assert_allclose(erased[hidden], expected, rtol=1e-6)
    with pytest.raises(
        ValueError, match=r"`fill` is one of 'uniform', .*'white'"
    ):
        RandomErasing(fill="white")


def test_probability_and_severity():
    happened = [apply(RandomErasing(0.25), s)[1].any() for s in range(400)]
    assert abs(np.mean(happened) - 0.25) < 0.08
    stage = RandomErasing(1.0, area=(0.4, 0.4)).at(0.25)
    assert apply(stage, 3)[1].mean() == pytest.approx(0.1, abs=0.01)
    assert not apply(stage.at(0.0), 3)[1].any()


def test_what_never_fits_hides_nothing():
    image = make_image((8, 64))
    erased, hidden = apply(
        RandomErasing(1.0, area=(0.9, 0.9), aspect=(3.0, 3.0)), 0, image
    )
    np.testing.assert_array_equal(erased, image)
    assert not hidden.any()

import numpy as np
import pytest

from keras_drop.data.occlusions import (
    RealisticOcclusion,
    procedural_occluders,
)
from tests.data.occlusions.banks import (
    OneOccluder,
    box_of,
    hide,
    opaque,
    random_occluder,
)
from tests.reference import occlusions as slow

pytestmark = pytest.mark.backend_neutral
HEIGHT, WIDTH = 256, 128


def make_image(seed=0, size=(HEIGHT, WIDTH)):
    return np.random.default_rng(seed).uniform(0, 255, (*size, 3)).astype("f4")


def apply(stage, seed, image=None):
    return hide(stage, make_image() if image is None else image, seed)


@pytest.mark.parametrize("shape", [(41, 20), (40, 20)])
def test_an_opaque_occluder_changes_one_box_at_an_edge(shape):
    image, boxes = make_image(), []
    for seed in range(400):
        occluded, hidden = apply(
            RealisticOcclusion(opaque(*shape)), seed, image
        )
        top, left, height, width = box = box_of(hidden)
        boxes.append(box)
        assert (occluded[hidden] == (200, 100, 50)).all()
        np.testing.assert_array_equal(occluded[~hidden], image[~hidden])
        assert 0.5 <= hidden.mean() <= 0.75
        assert top in (0, HEIGHT - height)
        assert left in (0, WIDTH - width)
    tops, lefts, heights, widths = map(np.array, zip(*boxes, strict=True))
    if shape[0] > 2 * shape[1]:
        assert (heights == HEIGHT).all()
        assert set(widths) == set(range(64, 97))
        assert abs((lefts == 0).mean() - 0.5) < 0.1
    else:
        assert (widths == WIDTH).all()
        assert heights.min() == 128
        assert heights.max() == 192
        assert len(set(heights)) > 60
        assert abs((tops == 0).mean() - 0.5) < 0.1


@pytest.mark.parametrize("flip", [0.0, 1.0])
@pytest.mark.parametrize("size", [(12, 7), (15, 7), (300, 90)])
def test_matches_reference(size, flip):
    image = make_image(1, (40, 24))
    occluder = random_occluder(2, size)
    solid = occluder.copy()
    solid[..., 3] = 255
    for seed in range(6):
        stage = RealisticOcclusion(OneOccluder(solid), flip=flip)
        _, hidden = apply(stage, seed, image)
        box = box_of(hidden)
        stage = RealisticOcclusion(OneOccluder(occluder), flip=flip)
        actual, hidden = apply(stage, seed, image)
        expected, expected_hidden = slow.realistic_occlusion(
            image, occluder, *box, mirrored=flip == 1.0
        )
        # OpenCV rounds what it resizes to whole pixel values.
        np.testing.assert_allclose(actual, expected, atol=2.5)
        assert (hidden != expected_hidden).mean() < 0.01
        assert hidden.any()
        assert not hidden.all()


def test_a_transparent_occluder_changes_nothing():
    image = make_image()
    occluded, hidden = apply(
        RealisticOcclusion(OneOccluder(np.zeros((20, 20, 4), "uint8"))), 0
    )
    np.testing.assert_array_equal(occluded, image)
    assert not hidden.any()


def test_a_black_opaque_occluder_stays_black():
    occluded, hidden = apply(RealisticOcclusion(opaque(9, 9, (0, 0, 0))), 3)
    assert hidden.any()
    assert not occluded[hidden].any()


def test_half_of_the_occluders_are_mirrored():
    left = np.zeros((20, 20, 4), "uint8")
    left[:, :10] = 255
    stage = RealisticOcclusion(OneOccluder(left))
    mirrored = [apply(stage, seed)[1][:, -1].any() for seed in range(400)]
    assert abs(np.mean(mirrored) - 0.5) < 0.1
    always = RealisticOcclusion(OneOccluder(left), flip=1.0)
    assert all(apply(always, seed)[1][:, -1].any() for seed in range(20))


def test_probability():
    image = make_image()
    stage = RealisticOcclusion(opaque(9, 9), probability=0.3)
    results = [apply(stage, seed, image) for seed in range(400)]
    happened = np.array([hidden.any() for _, hidden in results])
    assert abs(happened.mean() - 0.3) < 0.08
    assert all(
        (occluded == image).all()
        for (occluded, _), yes in zip(results, happened, strict=True)
        if not yes
    )


def test_severity_scales_the_reach():
    stage = RealisticOcclusion(opaque(9, 9)).at(0.5)
    shares = [apply(stage, seed)[1].mean() for seed in range(50)]
    assert min(shares) >= 0.25
    assert max(shares) <= 0.375
    assert not apply(stage.at(0.0), 1)[1].any()


def test_the_same_seed_gives_the_same_image():
    stage = RealisticOcclusion()
    first, again = apply(stage, 5), apply(RealisticOcclusion(), 5)
    np.testing.assert_array_equal(first[0], again[0])
    np.testing.assert_array_equal(first[1], again[1])
    assert (first[0] != apply(stage, 6)[0]).any()
    assert stage.bank is procedural_occluders()

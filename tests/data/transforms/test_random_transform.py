import numpy as np
import pytest
from PIL import Image

from keras_drop.data import Transform, random_transform
from keras_drop.data.transforms.enhance import enhance
from tests.reference import training_transforms as slow

pytestmark = pytest.mark.backend_neutral


def draw(
    seed, transforms=("flip", "crop", "colour_jitter", "erase"), size=(48, 32)
):
    return random_transform(size, transforms, np.random.default_rng(seed))


def as_reference(transform):
    """Arguments `(flip, crop, steps, hole)` of the slow version."""
    crop = tuple(shift + 10 for shift in transform.shift)
    return transform.flip, crop, transform.steps, transform.hole


@pytest.mark.parametrize("seed", range(12))
def test_image_matches_the_literal_order(seed):
    transform = draw(seed)
    rng = np.random.default_rng(seed)
    image = rng.integers(0, 256, (37, 19, 3)).astype("uint8")
    actual = transform.image(image)
    assert actual.dtype == "float32"
    expected = slow.transform_image(image, (48, 32), *as_reference(transform))
    np.testing.assert_allclose(actual, expected, rtol=1e-4, atol=1e-2)


def test_the_seeds_above_show_every_change():
    drawn = [draw(seed) for seed in range(12)]
    assert {t.flip for t in drawn} == {True, False}
    assert {t.hole is None for t in drawn} == {True, False}
    assert {len(t.steps) for t in drawn} == {0, 2}
    assert min(t.shift for t in drawn)[0] < 0 < max(t.shift for t in drawn)[0]


def test_the_hole_is_what_models_normalise_to_the_mean():
    image = np.full((20, 20, 3), 200, "uint8")
    hole = Transform((20, 20), hole=(2, 3, 4, 5)).image(image)
    normalised = (hole / 255 - slow.MEAN) / slow.STD
    np.testing.assert_allclose(
        normalised[2:6, 3:8], slow.MEAN + 0 * hole[2:6, 3:8], rtol=1e-5
    )
    hole[2:6, 3:8] = 200
    assert (hole == 200).all()


@pytest.mark.parametrize(
    "shift, shown",
    [
        ((2, -1), np.s_[:6, 1:]),
        ((-3, 2), np.s_[3:, :2]),
        ((0, 0), np.s_[:, :]),
        ((8, 0), np.s_[:0]),
        ((0, -9), np.s_[:0]),
    ],
)
def test_writes_over_whatever_is_there(shift, shown):
    out = np.full((2, 8, 4, 3), 77.0, "float32")
    image = np.full((8, 4, 3), 9, "uint8")
    Transform((8, 4), shift=shift).image(image, out=out[1])
    expected = np.zeros((8, 4, 3))
    expected[shown] = 9
    np.testing.assert_array_equal(out[1], expected)
    assert (out[0] == 77).all()


def test_without_changes_nothing_changes():
    image = np.random.default_rng(0).integers(0, 256, (8, 4, 3))
    transform = draw(3, transforms=(), size=(8, 4))
    np.testing.assert_array_equal(transform.image(image), image)


def test_draws_follow_their_distributions():
    height, width = 256, 128
    drawn = [draw(seed, size=(height, width)) for seed in range(2000)]
    assert abs(np.mean([t.flip for t in drawn]) - 0.5) < 0.05
    assert abs(np.mean([t.hole is None for t in drawn]) - 0.5) < 0.05
    assert abs(np.mean([t.steps == () for t in drawn]) - 0.5) < 0.05
    shifts = np.array([t.shift for t in drawn])
    assert set(np.unique(shifts)) == set(range(-10, 11))
    holes = np.array([t.hole for t in drawn if t.hole])
    for corner, length, total in (
        (holes[:, 0], holes[:, 2], height),
        (holes[:, 1], holes[:, 3], width),
    ):
        assert length.min() >= 0.15 * total
        assert length.max() <= 0.65 * total
        assert abs(length.mean() - 0.4 * total) < 0.02 * total
        assert corner.min() == 0
        assert (corner + length).max() == total, "the far edge"
        place = corner / (total - length)
        assert abs(place.mean() - 0.5) < 0.03
    assert abs(np.corrcoef(holes[:, 2], holes[:, 3])[0, 1]) < 0.1
    steps = [t.steps for t in drawn if t.steps]
    assert abs(np.mean([s[0][0] == "contrast" for s in steps]) - 0.5) < 0.06
    factors = np.array(
        [[dict(s)[n] for n in ("brightness", "contrast")] for s in steps]
    )
    assert np.allclose(factors.min(0), [0.8, 0.85], atol=0.01)
    assert np.allclose(factors.max(0), [1.2, 1.15], atol=0.01)


@pytest.mark.parametrize(
    "size, most", [((384, 128), 10), ((128, 64), 5), ((512, 256), 20)]
)
def test_a_crop_shifts_by_the_same_share_at_any_size(size, most):
    drawn = [draw(seed, ("crop",), size).shift for seed in range(1000)]
    assert set(np.unique(drawn)) == set(range(-most, most + 1))


def test_a_transform_that_is_off_never_happens():
    drawn = [draw(seed, transforms=("crop",)) for seed in range(50)]
    assert not any(t.flip or t.steps or t.hole for t in drawn)


def test_colours_are_jittered_slightly_before_they_are_enhanced():
    words = ("enhance", "slight_colour_jitter")
    drawn = [draw(seed, transforms=words) for seed in range(300)]
    for transform in drawn:
        slight = dict(transform.first_steps)
        assert set(slight) == {"brightness", "contrast", "saturation"}
        assert all(0.9 <= factor <= 1.1 for factor in slight.values())
    assert 100 < sum(len(t.steps) > 0 for t in drawn) < 200


def test_dpeformer_jitters_then_resizes_bicubically_then_crops():
    transform = draw(3, ("bicubic", "crop", "slight_colour_jitter", "flip"))
    image = np.random.default_rng(0).integers(0, 256, (37, 19, 3), "uint8")
    pillow = Image.fromarray(
        np.rint(enhance(image.astype("float32"), transform.first_steps)).astype(
            "uint8"
        )
    ).resize((32, 48), Image.Resampling.BICUBIC)
    expected = np.pad(
        np.asarray(pillow)[:, :: -1 if transform.flip else 1],
        ((10, 10), (10, 10), (0, 0)),
    )
    top, left = (shift + 10 for shift in transform.shift)
    np.testing.assert_array_equal(
        transform.image(image), expected[top : top + 48, left : left + 32]
    )


def test_an_unknown_name_is_an_error():
    with pytest.raises(ValueError, match=r"'flop'; it has .*mean 'flip'"):
        draw(0, transforms=("crop", "flop"))


def test_a_border_wider_than_the_image():
    image = np.full((8, 4, 3), 9, "uint8")
    assert not Transform((8, 4), shift=(-10, 0)).image(image).any()
    assert not Transform((8, 4), shift=(0, 10)).image(image).any()
    assert Transform((8, 4), shift=(-7, 3)).image(image).any()

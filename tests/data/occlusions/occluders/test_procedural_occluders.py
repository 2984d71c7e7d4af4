import numpy as np
import pytest

from keras_drop.data.occlusions import (
    occluders_from_borders,
    procedural_occluders,
)
from keras_drop.data.occlusions.occluders.occluder_shapes import (
    SHAPES,
    blob,
    pole,
)
from keras_drop.data.occlusions.occluders.occluder_textures import (
    TEXTURES,
    border_texture,
)

pytestmark = pytest.mark.backend_neutral


def test_the_bank():
    bank = procedural_occluders()
    assert len(bank) == 256
    assert not bank.rejected
    shares = [occluder[..., 3].mean() / 255 for occluder in bank.occluders]
    assert min(shares) >= 0.19
    ratios = np.array([o.shape[0] / o.shape[1] for o in bank.occluders])
    assert abs((ratios > 2).mean() - 0.5) < 0.1
    assert ratios.min() < 0.7
    assert ratios.max() > 6
    assert max(max(o.shape) for o in bank.occluders) > 256 * 0.9


def test_follows_from_the_seed():
    def pixels(**arguments):
        # Not the one that is kept.
        bank = procedural_occluders.__wrapped__(**arguments)
        return np.concatenate([o.ravel() for o in bank.occluders])

    first = pixels(count=20, seed=3)
    np.testing.assert_array_equal(first, pixels(count=20, seed=3))
    other = pixels(count=20, seed=4)
    assert first.shape != other.shape or (first != other).any()
    prefix = pixels(count=10, seed=3)
    np.testing.assert_array_equal(first[: len(prefix)], prefix)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_shapes_are_masks_of_their_size(shape):
    masks = [
        shape((150, 110), np.random.default_rng(seed)) for seed in range(20)
    ]
    for mask in masks:
        assert mask.shape == (150, 110)
        assert mask.dtype == "float32"
        assert set(np.unique(mask)) <= {0.0, 1.0}
        assert 0.1 < mask.mean() <= 1.0
    if shape.__name__ != "half_disc":
        assert len({mask.tobytes() for mask in masks}) > 12


def test_a_blob_covers_three_fifths_and_a_pole_a_third():
    rng = np.random.default_rng(0)
    assert blob((64, 64), rng).mean() == pytest.approx(0.6, abs=0.001)
    widths = [pole((9, 100), rng)[0].sum() for _ in range(200)]
    assert min(widths) >= 20
    assert max(widths) <= 40


@pytest.mark.parametrize("texture", TEXTURES, ids=lambda t: t.__name__)
def test_textures_are_colours_of_their_size(texture):
    images = [
        texture((50, 30), np.random.default_rng(seed)) for seed in range(20)
    ]
    for image in images:
        assert image.shape == (50, 30, 3)
        assert image.min() >= 0
        assert image.max() <= 255
    assert (np.ptp(images[0], axis=(0, 1)) > 0).any() == (
        texture.__name__ != "plain"
    )
    assert np.std([image.mean() for image in images]) > 5


def test_borders_of_images_are_worn():
    image = np.full((64, 32, 3), 200, "uint8")
    image[:, :5] = image[:, -5:] = (1, 2, 3)
    for seed in range(10):
        patch = border_texture((20, 10), np.random.default_rng(seed), [image])
        assert patch.shape == (20, 10, 3)
        assert (patch == (1, 2, 3)).all()
    bank = occluders_from_borders([image], count=60)
    worn = [
        (o[o[..., 3] == 255][:, :3] == (1, 2, 3)).all() for o in bank.occluders
    ]
    assert abs(np.mean(worn) - 1 / 6) < 0.12
    with pytest.raises(ValueError, match="no images to take borders"):
        occluders_from_borders([])

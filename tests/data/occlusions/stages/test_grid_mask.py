import numpy as np
import pytest

from keras_drop.data.occlusions import GridMask
from tests.data.occlusions.banks import hide
from tests.reference import occlusions as slow

pytestmark = pytest.mark.backend_neutral


def make_image(size=(48, 32)):
    return np.random.default_rng(0).uniform(0, 255, (*size, 3)).astype("f4")


def apply(stage, seed, image=None):
    return hide(stage, make_image() if image is None else image, seed)


@pytest.mark.parametrize("ratio", [0.3, 0.6])
def test_is_a_grid_of_squares(ratio):
    image = make_image()
    stage = GridMask(1.0, ratio, unit=(0.25, 0.75), fill=(1, 2, 3))
    units, starts = set(), set()
    for seed in range(60):
        masked, hidden = apply(stage, seed, image)
        unit, row, column = find_grid(hidden, ratio)
        expected = slow.grid(48, 32, unit, round(ratio * unit), row, column)
        np.testing.assert_array_equal(hidden, expected)
        assert (masked[hidden] == (1, 2, 3)).all()
        np.testing.assert_array_equal(masked[~hidden], image[~hidden])
        units.add(unit)
        starts.add((row, column))
    assert len(units) > 10
    assert len(starts) > 30


def find_grid(hidden, ratio):
    """`(unit, row, column)` of the grid that is hidden."""
    for unit in range(8, 25):
        found = []
        for lines in (hidden.any(axis=1), hidden.any(axis=0)):
            for start in range(unit):
                place = (np.arange(len(lines)) + start) % unit
                if ((place < unit - round(ratio * unit)) == lines).all():
                    found.append(start)
                    break
        if len(found) == 2:
            return unit, *found
    raise AssertionError("no grid")


def test_keeps_the_share_of_the_paper():
    shares = [
        1 - apply(GridMask(1.0, 0.6), seed, make_image((256, 128)))[1].mean()
        for seed in range(300)
    ]
    assert abs(np.mean(shares) - (1 - 0.4**2)) < 0.02


def test_severity_scales_the_hidden_share():
    stage = GridMask(1.0, 0.5, unit=(0.5, 0.5))
    full, half = (
        np.mean([apply(s, seed)[1].mean() for seed in range(100)])
        for s in (stage, stage.at(0.5))
    )
    assert full == pytest.approx(0.25, abs=0.02)
    assert half == pytest.approx(0.125, abs=0.02)
    assert not apply(stage.at(0.0), 1)[1].any()


def test_probability():
    stage = GridMask(0.25)
    happened = [apply(stage, seed)[1].any() for seed in range(400)]
    assert abs(np.mean(happened) - 0.25) < 0.08


def test_squares_are_what_models_normalise_to_zero():
    masked, hidden = apply(GridMask(1.0), 0)
    normalised = (masked / 255 - (0.485, 0.456, 0.406)) / (0.229, 0.224, 0.225)
    assert np.abs(normalised[hidden]).max() < 1e-5

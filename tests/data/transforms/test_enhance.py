import numpy as np
import pytest

from keras_drop.data.transforms.enhance import (
    enhance,
    random_colour_jitter,
    random_enhance,
)
from tests.reference import occlusions as slow

pytestmark = pytest.mark.backend_neutral


def make_image(size=(24, 17)):
    return np.random.default_rng(0).uniform(0, 255, (*size, 3)).astype("f4")


@pytest.mark.parametrize(
    "steps",
    [
        [("blur", 1.0)],
        [("blur", 2.0)],
        [("brightness", 1.3)],
        [("contrast", 1.4)],
        [("contrast", 0.6)],
        [("saturation", 0.7)],
        [("saturation", 1.4)],
        [("gamma", 0.6)],
        [("gamma", 1.4), ("brightness", 0.8), ("blur", 2.0)],
        [("blur", 2.0), ("brightness", 0.8), ("gamma", 1.4)],
    ],
)
def test_matches_reference(steps):
    image = make_image()
    actual = enhance(image, steps)
    assert actual.dtype == "float32"
    assert (actual != image).any()
    np.testing.assert_allclose(actual, slow.enhance(image, steps), atol=0.05)


def test_black_stays_finite():
    black = np.zeros((4, 4, 3), "float32")
    assert not enhance(black, [("gamma", 0.6), ("contrast", 1.4)]).any()


def test_draws_of_enhance():
    drawn = [random_enhance(np.random.default_rng(s)) for s in range(2000)]
    assert abs(np.mean([d == () for d in drawn]) - 0.5) < 0.04
    steps = [dict(d) for d in drawn if d]
    for name in ("blur", "brightness", "contrast", "saturation", "gamma"):
        factors = [d[name] for d in steps if name in d]
        assert abs(len(factors) / len(steps) - 0.7) < 0.05
        if name == "blur":
            assert set(factors) == {1.0, 2.0}
        else:
            assert min(factors) == pytest.approx(0.6, abs=0.01)
            assert max(factors) == pytest.approx(1.4, abs=0.01)
    first = [d[0][0] for d in drawn if len(d) == 5]
    assert len(first) > 100
    assert max(map(first.count, set(first))) < 0.35 * len(first)


def test_draws_of_colour_jitter():
    most = {"brightness": 0.2, "contrast": 0.15, "saturation": 0.1}
    drawn = [
        random_colour_jitter(np.random.default_rng(seed), **most)
        for seed in range(500)
    ]
    assert {len(dict(d)) for d in drawn} == {3}
    assert len({tuple(dict(d)) for d in drawn}) == 6
    for name, far in most.items():
        factors = [dict(d)[name] for d in drawn]
        assert min(factors) == pytest.approx(1 - far, abs=0.01)
        assert max(factors) == pytest.approx(1 + far, abs=0.01)

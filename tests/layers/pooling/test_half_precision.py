"""Sums over the cells of a large map, whose features are too many for them.

A value of float16 ends at 65,504: 96 x 32 cells of 30 sum up to 92,160.
"""

import keras
import numpy as np
import pytest
from keras import ops

from keras_drop.layers import (
    ParsingGuidedPooling,
    PatchTokenSelection,
    StripePooling,
)
from keras_drop.models import ReIDMap
from keras_drop.models.base.part_parsing import whole_body_vectors
from keras_drop.models.drop.reid_map import pooled_by_parts
from tests.gradients import autodiff

GRID, PARTS = (96, 32), 3


def maps():
    """Features about 30, and part maps of which one part is everywhere."""
    rng = np.random.default_rng(0)
    parts = np.full((1, *GRID, 1 + PARTS), 0.02, "float32")
    parts[..., 1] = 0.94
    return rng.uniform(28, 32, (1, *GRID, 4)).astype("float32"), parts


def weighted_mean(features, parts):
    return (features[..., None, :] * parts[..., None]).sum((1, 2)) / (
        parts.sum((1, 2))[..., None]
    )


def pooled(features, parts):
    return ParsingGuidedPooling(dtype="mixed_float16")(features, parts)


def pooled_by_grid(features, parts):
    return ParsingGuidedPooling("avg", "grid", dtype="mixed_float16")(
        features, parts
    )


def stripes(features, parts):
    return StripePooling(2, dtype="mixed_float16")(
        ops.cast(features, "float16")
    )


def patches(features, parts):
    tokens = ops.reshape(ops.cast(features, "float16"), (1, -1, 4))
    layer = PatchTokenSelection(
        k_min=GRID[0] * GRID[1], num_parts=1, dtype="mixed_float16"
    )
    return layer(tokens[:, 0], tokens)[0]


def whole_body(features, parts):
    return ops.stack(whole_body_vectors(features, parts), 1)


def by_parts(features, parts):
    whole, person, each = pooled_by_parts(ReIDMap(), features, parts)
    return ops.concatenate([ops.stack([whole, person], 1), each], 1)


def expected_of(name, features, parts):
    mean = features.mean((1, 2))[:, None]
    of_parts = weighted_mean(features, parts)
    most = (features[..., None, :] * parts[..., None]).max((1, 2))
    person = parts[..., 1:].max(-1)
    foreground = (features * person[..., None]).mean((1, 2))[:, None]
    top, bottom = np.split(features, 2, axis=1)
    everything = np.concatenate(
        [np.ones((1, *GRID, 1)), person[..., None], parts[..., 1:]], -1
    )
    return {
        "pooled": of_parts + most,
        "pooled_by_grid": of_parts * parts.mean((1, 2))[..., None],
        "stripes": np.stack([top.mean((1, 2)), bottom.mean((1, 2))], 1),
        "patches": mean,
        "whole_body": np.concatenate([mean, foreground], 1),
        "by_parts": weighted_mean(features, everything)
        + (features[..., None, :] * everything[..., None]).max((1, 2)),
    }[name]


@pytest.fixture
def half_precision():
    keras.config.set_dtype_policy("mixed_float16")
    yield
    keras.config.set_dtype_policy("float32")


@pytest.mark.parametrize(
    "pool",
    [pooled, pooled_by_grid, stripes, patches, whole_body, by_parts],
    ids=lambda pool: pool.__name__,
)
def test_sums_do_not_overflow(pool, half_precision):
    features, parts = maps()
    result = ops.cast(pool(features, parts), "float32")
    np.testing.assert_allclose(
        ops.convert_to_numpy(result),
        expected_of(pool.__name__, features, parts),
        rtol=2e-3,
    )
    gradient = autodiff(
        lambda x: ops.sum(ops.cast(pool(x, parts), "float32")), features
    )
    assert np.isfinite(gradient).all()
    assert gradient.any()

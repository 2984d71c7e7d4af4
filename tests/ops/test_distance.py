import numpy as np
import pytest
from keras import ops

from keras_drop.ops import (
    average_part_distances,
    pairwise_euclidean,
    part_distances,
)
from tests.gradients import autodiff, finite_difference
from tests.reference import distances as reference

# Fixture T: four images of two people, two parts of two numbers.
PARTS = np.array(
    [
        [[0, 0], [0, 0]],
        [[3, 4], [0, 1]],
        [[0, 2], [1, 0]],
        [[6, 8], [0, 2]],
    ],
    "float32",
)


def make_parts(count, seed, offset=0.0):
    rng = np.random.default_rng(seed)
    return (rng.normal(size=(count, 3, 16)) + offset).astype("float32")


@pytest.mark.parametrize("offset", [0.0, 10.0])
def test_part_distances_match_reference(offset):
    x, y = make_parts(4, 0, offset), make_parts(5, 1, offset)
    np.testing.assert_allclose(
        ops.convert_to_numpy(part_distances(x, y)),
        reference.part_distances(x.astype("float64"), y.astype("float64")),
        rtol=1e-4,
    )


def test_pairwise_euclidean_is_one_part():
    x, y = make_parts(4, 2)[:, 0], make_parts(5, 3)[:, 0]
    np.testing.assert_allclose(
        ops.convert_to_numpy(pairwise_euclidean(x, y)),
        reference.part_distances(x[:, None], y[:, None])[:, :, 0],
        rtol=1e-5,
    )


def test_gradient_matches_finite_difference():
    x, y = make_parts(2, 4)[..., :3], make_parts(3, 5)[..., :3]
    weights = np.random.default_rng(6).normal(size=(2, 3, 3))
    expected = finite_difference(
        lambda x: (weights * reference.part_distances(x, y)).sum(), x
    )
    weights = ops.array(weights, "float32")
    actual = autodiff(lambda x: ops.sum(weights * part_distances(x, y)), x)
    np.testing.assert_allclose(actual, expected, rtol=1e-3, atol=1e-4)


def test_equal_parts_are_at_distance_0_with_gradient_0():
    x = make_parts(1, 7, offset=20.0)
    twins = np.concatenate([x, x])
    distances = ops.convert_to_numpy(part_distances(twins, twins))
    np.testing.assert_array_equal(distances, 0.0)
    gradient = autodiff(lambda x: ops.sum(part_distances(x, twins)), twins)
    np.testing.assert_array_equal(gradient, 0.0)


def test_near_parts_are_not_equal():
    """A hundredth of the length apart; its rounding is a ten thousandth."""
    x = make_parts(3, 11)
    near = x * 1.01
    expected = reference.part_distances(x, near)
    np.testing.assert_allclose(
        ops.convert_to_numpy(part_distances(x, near)), expected, rtol=0.01
    )
    assert np.diagonal(expected).max() < 0.1


def test_half_precision_is_compared_in_float32():
    x = ops.cast(make_parts(3, 8), "bfloat16")
    distances = part_distances(x, x)
    rounded = ops.convert_to_numpy(ops.cast(x, "float32"))
    expected = reference.part_distances(rounded, rounded)
    np.testing.assert_allclose(
        ops.convert_to_numpy(distances), expected, rtol=1e-4, atol=1e-6
    )


def test_average_of_fixture_t():
    mean = ops.convert_to_numpy(
        average_part_distances(part_distances(PARTS, PARTS))
    )
    expected = {
        (0, 1): 3.0,
        (0, 2): 1.5,
        (0, 3): 6.0,
        (1, 2): 2.509882,
        (1, 3): 3.0,
        (2, 3): 5.360675,
    }
    for pair, value in expected.items():
        assert mean[pair] == pytest.approx(value, abs=1e-5)
        assert mean[pair[::-1]] == pytest.approx(value, abs=1e-5)


def test_weighted_average_of_fixture_t():
    seen = np.array([[1, 1], [1, 0], [1, 1], [0, 1]], "float32")
    weights = seen[:, None] * seen[None]
    mean, comparable = average_part_distances(
        part_distances(PARTS, PARTS), weights
    )
    mean, comparable = map(ops.convert_to_numpy, (mean, comparable))
    expected = {(0, 1): 5.0, (0, 3): 2.0, (1, 2): 3.605551, (2, 3): 2.236068}
    for pair, value in expected.items():
        assert mean[pair] == pytest.approx(value, abs=1e-5)
    assert not comparable[1, 3] and not comparable[3, 1]
    assert comparable.sum() == 14


def test_weighted_average_matches_reference_with_a_finite_gradient():
    rng = np.random.default_rng(9)
    distances = rng.uniform(size=(3, 4, 5)).astype("float32")
    weights = rng.uniform(size=(3, 4, 5)).astype("float32")
    weights[1, 2] = 0.0
    actual = average_part_distances(ops.array(distances), weights)
    for got, expected in zip(
        actual, reference.average(distances, weights), strict=True
    ):
        np.testing.assert_allclose(ops.convert_to_numpy(got), expected, 1e-5)
    gradient = autodiff(
        lambda w: ops.sum(average_part_distances(ops.array(distances), w)[0]),
        weights,
    )
    assert np.isfinite(gradient).all()


def test_equal_weights_give_the_mean():
    distances = ops.array(make_parts(2, 10))
    mean, comparable = average_part_distances(
        distances, np.ones(distances.shape)
    )
    assert ops.convert_to_numpy(comparable).all()
    np.testing.assert_allclose(
        ops.convert_to_numpy(mean),
        ops.convert_to_numpy(average_part_distances(distances)),
        rtol=1e-5,
        atol=1e-7,
    )

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keras_drop.losses import PrototypeCompactness, prototype_compactness
from tests.compiled import jitted
from tests.gradients import autodiff, finite_difference
from tests.reference import part_triplet
from tests.testing import assert_round_trip

# Compiled once for all the orders that are tried.
LOSS = jitted(PrototypeCompactness())


def make_batch(seed, num_identities=5, batch=6, num_parts=2, dim=3):
    """Person 0 was never seen, and of person 1 the first part only."""
    rng = np.random.default_rng(seed)
    identities = rng.permutation(np.arange(batch) % num_identities)
    embeddings = rng.normal(size=(batch, num_parts, dim))
    prototypes = rng.normal(size=(num_identities, num_parts, dim))
    seen = np.ones((num_identities, num_parts), bool)
    seen[0], seen[1, 1] = False, False
    return identities, embeddings, prototypes, seen


def make_visibility(seed, batch=6, num_parts=2):
    visibility = np.random.default_rng(seed).uniform(size=(batch, num_parts))
    return np.where(visibility < 0.4, 0.0, visibility)


def numpy(x):
    return keras.ops.convert_to_numpy(x)


def test_by_hand():
    """Distances to the own prototype 2 and 4, to the other one 1 and 3."""
    embeddings = np.array([[[0.0], [0.0]]])
    prototypes = np.array([[[2.0], [4.0]], [[1.0], [3.0]]])
    batch = {
        "embeddings": embeddings,
        "prototypes": prototypes,
        "seen": np.ones((2, 2), bool),
    }
    mean = jitted(PrototypeCompactness(margin=0.3))
    assert float(mean([0], batch)) == pytest.approx(3 - 2 + 0.3)
    asymmetric = jitted(PrototypeCompactness(margin=0.3, combine="asymmetric"))
    assert float(asymmetric([0], batch)) == pytest.approx(4 - 2 + 0.3)


@pytest.mark.parametrize("with_visibility", [False, True])
@pytest.mark.parametrize("combine", ["mean", "asymmetric"])
@pytest.mark.parametrize("margin", [0.0, 0.7])
def test_matches_reference(margin, combine, with_visibility):
    identities, *inputs = make_batch(seed=1)
    arguments = {
        "margin": margin,
        "combine": combine,
        "visibility": make_visibility(2) if with_visibility else None,
    }
    expected = part_triplet.prototype_compactness(
        identities, *inputs, **arguments
    )
    assert (expected[identities == 0] == 0).all()
    actual = jitted(
        lambda *inputs: prototype_compactness(*inputs, **arguments)
    )(identities, *inputs)
    np.testing.assert_allclose(numpy(actual), expected, rtol=1e-4, atol=1e-5)


def test_unit_length_compares_directions():
    identities, embeddings, prototypes, seen = make_batch(seed=1)
    expected = part_triplet.prototype_compactness(
        identities,
        *map(part_triplet.unit_vectors, (embeddings, prototypes)),
        seen,
        margin=0.7,
    )
    assert expected.mean() > 0.1
    scales = np.random.default_rng(4).uniform(0.5, 9, (len(prototypes), 1, 1))
    loss = PrototypeCompactness(margin=0.7, unit_length=True)
    batch = {
        "embeddings": 5 * embeddings,
        "prototypes": scales * prototypes,
        "seen": seen,
    }
    assert float(loss(identities, batch)) == pytest.approx(
        expected.mean(), abs=1e-5
    )


def test_gradient_matches_finite_difference():
    identities, embeddings, prototypes, seen = make_batch(seed=3)
    visibility = make_visibility(4)
    expected = finite_difference(
        lambda x: part_triplet.prototype_compactness(
            identities, x, prototypes, seen, 2.0, visibility=visibility
        ).mean(),
        embeddings,
    )
    actual = autodiff(
        jitted(
            lambda x: keras.ops.mean(
                prototype_compactness(
                    identities, x, prototypes, seen, 2.0, visibility=visibility
                )
            )
        ),
        embeddings,
    )
    assert np.abs(expected).max() > 0.01
    np.testing.assert_allclose(actual, expected, rtol=1e-3, atol=1e-4)


def test_no_gradient_flows_into_the_prototypes():
    identities, embeddings, prototypes, seen = make_batch(seed=5)
    loss = jitted(
        lambda x: (
            keras.ops.sum(
                prototype_compactness(identities, embeddings, x, seen, 9.0)
            )
            + keras.ops.sum(x)
        )
    )
    np.testing.assert_allclose(autodiff(loss, prototypes), 1.0)


def test_gradient_is_finite_for_equal_embeddings():
    gradient = autodiff(
        jitted(
            lambda x: keras.ops.sum(
                prototype_compactness(
                    [0, 1], x, np.ones((2, 2, 3)), np.ones((2, 2), bool)
                )
            )
        ),
        np.ones((2, 2, 3)),
    )
    np.testing.assert_array_equal(gradient, 0.0)


@pytest.mark.parametrize("seen", [[0, 0], [1, 0], [0, 1]])
def test_without_own_and_other_prototype_it_costs_nothing(seen):
    embeddings = np.ones((1, 1, 3), "float32")
    losses = jitted(lambda *x: prototype_compactness(*x, margin=9.0))(
        np.array([0]), embeddings, np.eye(2, 3)[:, None], np.c_[seen]
    )
    np.testing.assert_array_equal(numpy(losses), 0.0)


def test_half_precision_embeddings_give_a_float32_loss():
    identities, embeddings, prototypes, seen = make_batch(seed=6)
    embeddings = keras.ops.cast(embeddings, "bfloat16")
    losses = jitted(prototype_compactness)(
        identities, embeddings, prototypes, seen
    )
    assert keras.backend.standardize_dtype(losses.dtype) == "float32"


@settings(deadline=None, max_examples=10)
@given(seed=st.integers(0, 10_000), data=st.data())
def test_order_of_the_batch_does_not_matter(seed, data):
    identities, embeddings, prototypes, seen = make_batch(seed)
    order = np.array(data.draw(st.permutations(range(identities.size))))
    straight, shuffled = (
        float(
            LOSS(
                identities[rows],
                {
                    "embeddings": embeddings[rows],
                    "prototypes": prototypes,
                    "seen": seen,
                },
            )
        )
        for rows in (slice(None), order)
    )
    np.testing.assert_allclose(straight, shuffled, rtol=1e-4)


def test_refuses_an_unknown_combine():
    with pytest.raises(
        ValueError, match=r"'mean', 'asymmetric'; got 'maximum'"
    ):
        PrototypeCompactness(combine="maximum")


def test_round_trip():
    assert_round_trip(
        PrototypeCompactness,
        margin=0.7,
        combine="asymmetric",
        unit_length=True,
        reduction="sum",
        dtype="float64",
    )

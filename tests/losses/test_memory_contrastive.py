import keras
import numpy as np
import pytest

from keras_drop.losses import MemoryContrastive, memory_contrastive
from tests.compiled import compiled
from tests.gradients import autodiff, finite_difference
from tests.reference import dpeformer
from tests.testing import assert_round_trip


def make_batch(seed, num_identities=4, batch=6, dim=5):
    """Person 1 was never seen."""
    rng = np.random.default_rng(seed)
    identities = rng.permutation(np.arange(batch) % num_identities)
    embeddings = rng.normal(size=(batch, dim))
    memory = rng.normal(size=(num_identities, dim))
    return identities, embeddings, memory, np.arange(num_identities) != 1


@pytest.mark.parametrize("person, expected", [(0, 1.376223), (2, 0.291103)])
def test_of_the_specification(person, expected):
    """The values there add 1e-6 to both sums, which are left out here."""
    batch = {
        "embeddings": np.array([[2.0, 1.0]]),
        "memory": np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]),
        "seen": np.ones(3, bool),
    }
    loss = MemoryContrastive()([person], batch)
    assert float(loss) == pytest.approx(expected, abs=5e-6)


@pytest.mark.parametrize("temperature", [0.05, 0.7])
def test_matches_reference(temperature):
    batch = make_batch(seed=1)
    expected = dpeformer.memory_contrastive(*batch, temperature)
    assert (expected == 0).tolist() == (batch[0] == 1).tolist()
    actual = compiled(lambda *x: memory_contrastive(*x, temperature))(
        *(x.astype("float32") if x.dtype == "float64" else x for x in batch)
    )
    np.testing.assert_allclose(
        keras.ops.convert_to_numpy(actual), expected, rtol=1e-4, atol=1e-5
    )


def test_gradient_matches_finite_difference():
    identities, embeddings, *memory = make_batch(seed=2)
    expected = finite_difference(
        lambda x: dpeformer.memory_contrastive(
            identities, x, *memory, 0.5
        ).mean(),
        embeddings,
    )
    actual = autodiff(
        lambda x: keras.ops.mean(
            memory_contrastive(identities, x, *memory, 0.5)
        ),
        embeddings,
    )
    assert np.abs(expected).max() > 0.01
    np.testing.assert_allclose(actual, expected, rtol=1e-3, atol=1e-4)


def test_no_gradient_flows_into_the_memory():
    identities, embeddings, memory, seen = make_batch(seed=3)
    gradient = autodiff(
        lambda x: (
            keras.ops.sum(memory_contrastive(identities, embeddings, x, seen))
            + keras.ops.sum(x)
        ),
        memory,
    )
    np.testing.assert_allclose(gradient, 1.0)


def test_gradient_is_finite_for_an_embedding_of_zeros():
    identities, embeddings, *memory = make_batch(seed=4)
    gradient = autodiff(
        lambda x: keras.ops.sum(memory_contrastive(identities, x, *memory)),
        0 * embeddings,
    )
    assert np.isfinite(gradient).all()


def test_without_anybody_seen_it_costs_nothing():
    identities, embeddings, memory, _ = make_batch(seed=5)
    losses = memory_contrastive(identities, embeddings, memory, np.zeros(4))
    np.testing.assert_array_equal(keras.ops.convert_to_numpy(losses), 0.0)


def test_half_precision_embeddings_give_a_float32_loss():
    identities, embeddings, *memory = make_batch(seed=6)
    embeddings = keras.ops.cast(embeddings, "bfloat16")
    losses = memory_contrastive(identities, embeddings, *memory)
    assert keras.backend.standardize_dtype(losses.dtype) == "float32"


@pytest.mark.parametrize("temperature", [0, -0.05])
def test_refuses_a_temperature_that_is_not_positive(temperature):
    with pytest.raises(ValueError, match=f"`temperature` is {temperature}"):
        MemoryContrastive(temperature=temperature)


def test_round_trip():
    assert_round_trip(
        MemoryContrastive, temperature=0.7, reduction="sum", dtype="float64"
    )

import numpy as np
import pytest
from keras import ops

from keras_drop.layers import IdentityMemory
from tests.reference.dpeformer import Memory
from tests.testing import assert_round_trip

ARGUMENTS = {"num_identities": 5, "dim": 3, "momentum": 0.4}


def make_batch(rng, count=7, num_identities=4):
    """Some people more than once, and one never."""
    return (
        rng.normal(size=(count, 3)).astype("float32"),
        rng.integers(0, num_identities, count).astype("int32"),
    )


def assert_holds(memory, slow):
    embeddings, seen = map(ops.convert_to_numpy, memory.read())
    expected, known = slow.arrays(5, 3)
    assert seen.dtype == bool
    np.testing.assert_array_equal(seen, known)
    np.testing.assert_allclose(embeddings, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("momentum", [0.0, 0.4])
def test_matches_reference(momentum):
    rng = np.random.default_rng(0)
    memory = IdentityMemory(**{**ARGUMENTS, "momentum": momentum})
    slow = Memory(momentum)
    assert_holds(memory, slow)
    for _ in range(4):
        batch = make_batch(rng)
        assert len(set(batch[1].tolist())) < len(batch[1])
        memory.update(*batch)
        slow.update(*batch)
        assert_holds(memory, slow)


def test_update_of_the_specification():
    memory = IdentityMemory(3, 2)
    memory.fill(np.array([[1, 0], [0, 1], [1, 1]]), np.array([0, 1, 2]))
    memory.update(np.array([[2.0, 1.0]]), np.array([0]))
    embeddings = ops.convert_to_numpy(memory.read()[0])
    np.testing.assert_allclose(embeddings, [[1.8, 0.8], [0, 1], [1, 1]])


def test_filled_with_means():
    rng = np.random.default_rng(1)
    embeddings, identities = make_batch(rng, 30, num_identities=5)
    memory, slow = IdentityMemory(**ARGUMENTS), Memory(0.4)
    memory.update(*make_batch(rng))
    memory.fill(embeddings, identities)
    for person in range(5):
        slow.of[person] = embeddings[identities == person].mean(axis=0)
    assert_holds(memory, slow)
    batch = make_batch(rng)
    memory.update(*batch)
    slow.update(*batch)
    assert_holds(memory, slow)


@pytest.mark.parametrize(
    "embeddings, identities, message",
    [
        (np.ones((5, 2)), np.arange(5), r"shape \(5, 3\); got \(5, 2\)"),
        (np.ones((4, 3)), np.arange(5), r"shape \(5, 3\); got \(4, 3\)"),
        (np.ones((4, 3)), np.arange(4), "people 0 to 4.*4 of these 5.* 0 to 3"),
        (np.ones((6, 3)), np.arange(6), "people 0 to 4.*5 of these 5.* 0 to 5"),
    ],
)
def test_fill_needs_everybody(embeddings, identities, message):
    with pytest.raises(ValueError, match=message):
        IdentityMemory(**ARGUMENTS).fill(embeddings, identities)


def test_what_was_read_does_not_change_when_updated():
    rng = np.random.default_rng(2)
    memory = IdentityMemory(**ARGUMENTS)
    memory.update(*make_batch(rng))
    before = memory.read()[0]
    expected = ops.convert_to_numpy(before).copy()
    memory.update(*make_batch(rng))
    np.testing.assert_array_equal(ops.convert_to_numpy(before), expected)


@pytest.mark.parametrize("momentum", [-0.1, 1.0])
def test_refuses_another_momentum(momentum):
    with pytest.raises(ValueError, match=f"`momentum` is {momentum}"):
        IdentityMemory(3, 2, momentum=momentum)


def test_round_trip():
    memory = assert_round_trip(IdentityMemory, **ARGUMENTS)
    assert not memory.trainable_weights and len(memory.weights) == 2

import keras
import numpy as np
import pytest
from keras import ops

from keras_drop.layers import PartsEmbeddingMemoryBank
from tests.gradients import autodiff
from tests.layers.bank_models import ModelWithBank
from tests.reference.banks import Queue
from tests.testing import assert_round_trip

SHAPE = {"num_parts": 2, "dim": 3}


def make_batch(rng, count):
    return (
        rng.normal(size=(count, 2, 3)).astype("float32"),
        rng.integers(0, 900, count).astype("int32"),
        rng.integers(0, 2, (count, 2)).astype(bool),
    )


def assert_holds(bank, slow):
    for got, expected in zip(bank.read(), slow.content(), strict=True):
        np.testing.assert_allclose(ops.convert_to_numpy(got), expected, 1e-6)


# The third batch wraps around; one of 12 is larger than the bank, one of 17
# more than twice as large.
@pytest.mark.parametrize("counts", [(3, 3, 3), (2, 12, 4), (5, 5, 17, 1)])
def test_matches_a_ring_over_the_wrap(counts):
    rng = np.random.default_rng(0)
    bank, slow = PartsEmbeddingMemoryBank(8, **SHAPE), Queue(8, **SHAPE)
    assert_holds(bank, slow)
    for count in counts:
        batch = make_batch(rng, count)
        bank.enqueue(*batch)
        slow.push(*batch)
        assert_holds(bank, slow)
    embeddings, identities, visibility = bank.read()
    assert keras.backend.standardize_dtype(identities.dtype) == "int32"
    assert keras.backend.standardize_dtype(embeddings.dtype) == "float32"
    assert keras.backend.standardize_dtype(visibility.dtype) == "float32"


def test_twenty_batches_of_64_leave_the_last_sixteen():
    bank = PartsEmbeddingMemoryBank(1024, num_parts=1, dim=1)
    for batch in range(1, 21):
        rows = np.full((64, 1, 1), batch, "float32")
        bank.enqueue(rows, np.full(64, batch), np.ones((64, 1)))
    _, identities, _ = map(ops.convert_to_numpy, bank.read())
    values, counts = np.unique(identities, return_counts=True)
    np.testing.assert_array_equal(values, np.arange(5, 21))
    np.testing.assert_array_equal(counts, 64)


@pytest.mark.parametrize("wrap", [bool, lambda x: ops.cast(x, "bool")])
def test_nothing_is_written_unless_enabled(wrap):
    rng = np.random.default_rng(1)
    bank, slow = PartsEmbeddingMemoryBank(5, **SHAPE), Queue(5, **SHAPE)
    for enabled in (False, True, False, True):
        batch = make_batch(rng, 3)
        bank.enqueue(*batch, enabled=wrap(enabled))
        if enabled:
            slow.push(*batch)
        assert_holds(bank, slow)
        assert int(ops.convert_to_numpy(bank.pointer)) == slow.next


def test_what_was_read_does_not_change_when_written():
    rng = np.random.default_rng(2)
    bank = PartsEmbeddingMemoryBank(4, **SHAPE)
    bank.enqueue(*make_batch(rng, 3))
    before = bank.read()
    expected = [ops.convert_to_numpy(x).copy() for x in before]
    bank.enqueue(*make_batch(rng, 4))
    for got, want in zip(before, expected, strict=True):
        np.testing.assert_array_equal(ops.convert_to_numpy(got), want)


def test_no_gradient_flows_through_the_bank():
    _, identities, visibility = make_batch(np.random.default_rng(3), 4)

    def loss(x):
        # A bank of its own, for JAX keeps no state across its trace.
        bank = PartsEmbeddingMemoryBank(4, **SHAPE)
        with keras.StatelessScope() as scope:
            bank.enqueue(x, identities, visibility)
        written = scope.get_current_value(bank.embeddings)
        return ops.sum(written) + ops.sum(x)

    gradient = autodiff(loss, np.ones((4, 2, 3)))
    np.testing.assert_array_equal(gradient, 1.0)


def make_model(capacity=8):
    return ModelWithBank(PartsEmbeddingMemoryBank(capacity, **SHAPE), 2, 3)


@pytest.mark.parametrize("jit_compile", [False, True])
def test_fills_in_fit_but_not_in_evaluate_or_when_disabled(jit_compile):
    if keras.backend.backend() == "torch" and jit_compile:
        pytest.skip("Keras does not compile torch models by default")
    rng = np.random.default_rng(4)
    x, identities, _ = make_batch(rng, 10)
    model, slow = make_model(), Queue(8, **SHAPE)
    model.compile(keras.optimizers.SGD(0.01), jit_compile=jit_compile)
    arguments = {"batch_size": 5, "shuffle": False, "verbose": 0}
    model.fit(x, identities, **arguments)
    assert_holds(model.bank, slow)
    model.epoch.assign(1)
    model.fit(x, identities, **arguments)
    slow.push(x, identities, np.ones((10, 2)))
    assert_holds(model.bank, slow)
    model.evaluate(x[:3], identities[:3], verbose=0)
    assert_holds(model.bank, slow)
    assert int(ops.convert_to_numpy(model.bank.pointer)) == 10 % 8


def test_save_and_reload_restore_it(tmp_path):
    batch = make_batch(np.random.default_rng(5), 6)
    model, other = make_model(), make_model()
    model.bank.enqueue(*batch)
    model.save_weights(tmp_path / "w.weights.h5")
    other.load_weights(tmp_path / "w.weights.h5")
    slow = Queue(8, **SHAPE)
    slow.push(*batch)
    assert_holds(other.bank, slow)
    other.bank.enqueue(*batch)
    slow.push(*batch)
    assert_holds(other.bank, slow)


def test_mixed_precision_stores_float32():
    bank = PartsEmbeddingMemoryBank(4, **SHAPE, dtype="mixed_bfloat16")
    batch = make_batch(np.random.default_rng(6), 4)
    bank.enqueue(*batch)
    slow = Queue(4, **SHAPE)
    slow.push(*batch)
    assert_holds(bank, slow)


def test_a_bank_without_slots_is_refused():
    with pytest.raises(ValueError, match="capacity is 0"):
        PartsEmbeddingMemoryBank(0, **SHAPE)


def test_round_trip():
    bank = assert_round_trip(
        PartsEmbeddingMemoryBank, capacity=9, num_parts=2, dim=3
    )
    assert not bank.trainable_weights and len(bank.weights) == 4

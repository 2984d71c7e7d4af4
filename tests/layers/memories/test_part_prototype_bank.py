import keras
import numpy as np
import pytest
from keras import ops

from keras_drop.layers import PartPrototypeBank
from tests.layers.bank_models import ModelWithBank
from tests.reference.banks import Centres
from tests.testing import assert_round_trip

ARGUMENTS = {"num_identities": 5, "num_parts": 2, "dim": 3, "momentum": 0.7}


def make_batch(rng, count=6):
    return (
        rng.normal(size=(count, 2, 3)).astype("float32"),
        rng.integers(0, 4, count).astype("int32"),
        rng.choice([0.0, 0.0, 0.5, 1.0], (count, 2)).astype("float32"),
    )


def assert_holds(bank, slow):
    prototypes, seen = map(ops.convert_to_numpy, bank.read())
    assert seen.dtype == bool
    expected = np.zeros(prototypes.shape)
    for (person, part), centre in slow.of.items():
        expected[person, part] = centre
    np.testing.assert_allclose(prototypes, expected, rtol=1e-5, atol=1e-6)
    assert set(zip(*map(list, np.nonzero(seen)))) == set(slow.of)


def test_matches_reference():
    rng = np.random.default_rng(0)
    bank, slow = PartPrototypeBank(**ARGUMENTS), Centres(0.7)
    assert_holds(bank, slow)
    for _ in range(5):
        batch = make_batch(rng)
        bank.update(*batch)
        slow.update(*batch)
        assert_holds(bank, slow)
    assert len(slow.of) > 4


def test_two_updates_give_the_moving_mean():
    bank = PartPrototypeBank(2, 1, 2)
    a, b = np.array([1.0, 2.0]), np.array([5.0, -2.0])
    for mean in (a, b):
        rows = np.stack([mean - 1, mean + 1, [9.0, 9.0]])[:, None]
        bank.update(rows, np.array([1, 1, 1]), np.array([[1], [1], [0]]))
    prototypes, _ = map(ops.convert_to_numpy, bank.read())
    np.testing.assert_allclose(prototypes[1, 0], 0.9 * a + 0.1 * b, rtol=1e-6)
    np.testing.assert_array_equal(prototypes[0], 0.0)


@pytest.mark.parametrize("wrap", [bool, lambda x: ops.cast(x, "bool")])
def test_nothing_is_written_unless_enabled(wrap):
    rng = np.random.default_rng(1)
    bank, slow = PartPrototypeBank(**ARGUMENTS), Centres(0.7)
    for enabled in (False, True, False, True):
        batch = make_batch(rng)
        bank.update(*batch, enabled=wrap(enabled))
        if enabled:
            slow.update(*batch)
        assert_holds(bank, slow)


def test_what_was_read_does_not_change_when_updated():
    rng = np.random.default_rng(2)
    bank = PartPrototypeBank(**ARGUMENTS)
    bank.update(*make_batch(rng))
    before = bank.read()[0]
    expected = ops.convert_to_numpy(before).copy()
    bank.update(*make_batch(rng))
    np.testing.assert_array_equal(ops.convert_to_numpy(before), expected)


def make_model():
    return ModelWithBank(PartPrototypeBank(**ARGUMENTS), 2, 3)


@pytest.mark.parametrize("jit_compile", [False, True])
def test_moves_in_fit_and_survives_a_checkpoint(jit_compile, tmp_path):
    if keras.backend.backend() == "torch" and jit_compile:
        pytest.skip("Keras does not compile torch models by default")
    x, identities, _ = make_batch(np.random.default_rng(3), 8)
    model, other, slow = make_model(), make_model(), Centres(0.7)
    model.compile(keras.optimizers.SGD(0.01), jit_compile=jit_compile)
    arguments = {"batch_size": 4, "shuffle": False, "verbose": 0}
    model.fit(x, identities, **arguments)
    assert_holds(model.bank, slow)
    model.epoch.assign(1)
    model.fit(x, identities, **arguments)
    for rows in (slice(0, 4), slice(4, 8)):
        slow.update(x[rows], identities[rows], np.ones((4, 2)))
    assert_holds(model.bank, slow)
    model.save_weights(tmp_path / "w.weights.h5")
    other.load_weights(tmp_path / "w.weights.h5")
    assert_holds(other.bank, slow)


def test_round_trip():
    bank = assert_round_trip(PartPrototypeBank, **ARGUMENTS)
    assert not bank.trainable_weights and len(bank.weights) == 2


@pytest.mark.backend_neutral
@pytest.mark.parametrize("momentum", [1.0, -0.1, float("nan")])
def test_a_momentum_that_learns_nothing_is_refused(momentum):
    with pytest.raises(ValueError, match="`momentum` is"):
        PartPrototypeBank(3, 2, 4, momentum=momentum)

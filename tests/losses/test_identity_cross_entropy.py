import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keras_drop.losses import IdentityCrossEntropy, identity_cross_entropy
from tests.compiled import jitted
from tests.gradients import autodiff, finite_difference
from tests.reference import cross_entropy
from tests.testing import assert_round_trip

# Compiled once for all the orders that are tried.
LOSS = jitted(IdentityCrossEntropy())


def make_batch(seed, batch=5, num_identities=4):
    rng = np.random.default_rng(seed)
    identities = rng.integers(num_identities, size=batch)
    return identities, 3 * rng.normal(size=(batch, num_identities))


@pytest.mark.parametrize("label, expected", [(0, 0.490753), (1, 2.290753)])
def test_pinned_numbers(label, expected):
    loss = IdentityCrossEntropy(label_smoothing=0.1)
    actual = float(loss([label], np.array([[2.0, 0.0, 0.0, 0.0]])))
    assert actual == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("label_smoothing", [0.0, 0.1, 0.6])
def test_matches_reference(label_smoothing):
    identities, logits = make_batch(seed=1)
    expected = cross_entropy.identity_cross_entropy(
        identities, logits, label_smoothing
    )
    actual = identity_cross_entropy(identities, logits, label_smoothing)
    np.testing.assert_allclose(
        keras.ops.convert_to_numpy(actual), expected, rtol=1e-5, atol=1e-6
    )
    np.testing.assert_allclose(
        float(IdentityCrossEntropy(label_smoothing)(identities, logits)),
        expected.mean(),
        rtol=1e-5,
    )


def test_gradient_matches_finite_difference():
    identities, logits = make_batch(seed=2)
    expected = finite_difference(
        lambda x: cross_entropy.identity_cross_entropy(
            identities, x, 0.2
        ).sum(),
        logits,
    )
    actual = autodiff(
        jitted(
            lambda x: keras.ops.sum(identity_cross_entropy(identities, x, 0.2))
        ),
        logits,
    )
    np.testing.assert_allclose(actual, expected, rtol=1e-3, atol=1e-5)


def test_half_precision_logits_give_a_float32_loss():
    logits = keras.ops.cast(np.array([[300.0, 0.0], [0.0, 300.0]]), "bfloat16")
    loss = identity_cross_entropy([0, 0], logits, 0.0)
    assert keras.backend.standardize_dtype(loss.dtype) == "float32"
    np.testing.assert_allclose(keras.ops.convert_to_numpy(loss), [0.0, 300.0])


@settings(deadline=None, max_examples=10)
@given(seed=st.integers(0, 10_000), data=st.data())
def test_order_of_the_batch_does_not_matter(seed, data):
    identities, logits = make_batch(seed)
    order = np.array(data.draw(st.permutations(range(identities.size))))
    np.testing.assert_allclose(
        float(LOSS(identities, logits)),
        float(LOSS(identities[order], logits[order])),
        rtol=1e-5,
    )


@pytest.mark.parametrize("label_smoothing", [-0.1, 1.0, float("nan")])
def test_refuses_a_smoothing_that_is_no_share(label_smoothing):
    with pytest.raises(
        ValueError, match=r"`label_smoothing` is .* less than 1"
    ):
        IdentityCrossEntropy(label_smoothing)


def test_round_trip():
    assert_round_trip(
        IdentityCrossEntropy,
        label_smoothing=0.25,
        reduction="sum",
        name="global",
        dtype="float64",
    )

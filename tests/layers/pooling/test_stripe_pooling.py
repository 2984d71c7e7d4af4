import numpy as np
import pytest
from keras import ops

from keras_drop.layers import StripePooling
from tests.reference import dpeformer
from tests.testing import run_layer_test


@pytest.mark.parametrize(
    "rows, num_stripes", [(16, 4), (15, 4), (3, 4), (7, 2)]
)
def test_matches_reference(rows, num_stripes):
    features = np.random.default_rng(0).normal(size=(2, rows, 3, 5))
    stripes = run_layer_test(
        StripePooling,
        {"num_stripes": num_stripes},
        features.astype("float32"),
        output_shape=(2, num_stripes, 5),
    )
    np.testing.assert_allclose(
        stripes, dpeformer.stripes(features, num_stripes), rtol=1e-4, atol=1e-6
    )


@pytest.mark.parametrize("stripe", range(4))
def test_a_stripe_sees_its_own_rows_alone(stripe):
    """16 rows of patches as in the paper: the first four are stripe 0."""
    features = np.random.default_rng(1).normal(size=(2, 16, 8, 6))
    changed = features.copy()
    changed[:, 4 * stripe : 4 * stripe + 4] += 1.0
    before, after = (
        ops.convert_to_numpy(StripePooling()(x.astype("float32")))
        for x in (features, changed)
    )
    others = np.arange(4) != stripe
    np.testing.assert_array_equal(after[:, others], before[:, others])
    np.testing.assert_allclose(
        after[:, stripe], before[:, stripe] + 1, rtol=1e-4
    )


def test_refuses_no_stripes():
    with pytest.raises(ValueError, match="`num_stripes` is 0"):
        StripePooling(num_stripes=0)

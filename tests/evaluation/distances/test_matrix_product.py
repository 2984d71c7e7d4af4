"""On every backend: the rest of evaluation is NumPy's."""

import numpy as np
import pytest

from keras_drop.descriptors import Descriptors
from keras_drop.evaluation import Distance, PartDistances
from keras_drop.evaluation.distances.matrix_product import (
    matrix_product,
    to_backend,
)
from tests.reference import ranking


def test_product_of_the_backend():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(70, 33)).astype("float32")
    y = rng.normal(size=(33, 41)).astype("float32")
    product = matrix_product(to_backend(x), to_backend(y))
    assert isinstance(product, np.ndarray)
    assert product.dtype == "float32"
    expected = x.astype("float64") @ y.astype("float64")
    # A graphics card's or a bfloat16 product would miss this by far.
    np.testing.assert_allclose(product, expected, atol=1e-5)


@pytest.mark.parametrize("combine", ["visibility_mean", "visibility_max"])
def test_distances_by_the_product_of_the_backend(combine):
    rng = np.random.default_rng(1)
    query, gallery = (
        Descriptors(rng.normal(size=(n, 3, 19)), rng.random((n, 3)) < 0.7)
        for n in (11, 300)
    )
    rows = np.arange(11), np.arange(300)
    block = PartDistances(
        query, gallery, *rows, Distance(combine=combine)
    ).block(*rows)
    expected, _ = ranking.all_distances(query, gallery, "euclidean", combine)
    np.testing.assert_allclose(block, expected, rtol=1e-5, atol=1e-5)

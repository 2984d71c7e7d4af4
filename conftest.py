"""Names that every docstring example may use."""

import numpy as np
import pytest


@pytest.fixture(autouse=True)
def names_of_examples(doctest_namespace):
    import keras
    from keras import ops

    import keras_drop as kd

    doctest_namespace.update(
        np=np,
        ops=ops,
        keras=keras,
        Descriptors=kd.Descriptors,
        Records=kd.Records,
        evaluate_distances=kd.evaluation.evaluate_distances,
    )

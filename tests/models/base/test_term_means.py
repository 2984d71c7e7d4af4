import keras
import numpy as np
import pytest

from keras_drop.models.base.term_means import CAPACITY, TermMeans


def values(means):
    return {name: float(value) for name, value in means.result().items()}


def test_means_over_images_of_what_was_returned_last():
    means = TermMeans()
    means.update_state({"a": 1.0, "b": 4.0}, 6)
    means.update_state({"b": 1.0, "c": keras.ops.array(5.0)}, 3)
    np.testing.assert_allclose(list(values(means).values()), [3.0, 5.0])
    assert means.result().keys() == {"b", "c"}
    means.update_state({"a": 3.0}, 2)
    assert values(means) == {"a": 1.5}
    means.reset_state()
    assert values(means) == {"a": 0.0}


def test_too_many_terms():
    means = TermMeans()
    means.update_state({str(k): 0.0 for k in range(CAPACITY)}, 1)
    with pytest.raises(ValueError, match=f"at most {CAPACITY} are reported"):
        means.update_state({"one more": 0.0}, 1)

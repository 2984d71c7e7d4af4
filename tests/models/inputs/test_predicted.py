import numpy as np
import pytest

from keras_drop.models.inputs.predicted import predicted

pytestmark = pytest.mark.backend_neutral


class OnTwoDevices:
    """Answers as a model in the scope of a strategy."""

    def predict_on_batch(self, images):
        return {"sums": np.concatenate([images.sum(axis=1)] * 2)}

    def predict(self, images, batch_size, verbose):
        return {"sums": images.sum(axis=1)}


@pytest.mark.parametrize("batch_size", [2, 9])
def test_an_image_has_one_answer(batch_size):
    images = np.arange(15.0).reshape(5, 3)
    found = predicted(OnTwoDevices(), images, batch_size)["sums"]
    np.testing.assert_array_equal(found, [3, 12, 21, 30, 39])

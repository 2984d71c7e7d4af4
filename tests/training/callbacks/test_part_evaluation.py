"""The masks of every epoch, by the labels of some images."""

import numpy as np
import pytest
from PIL import Image

import keras_drop as kd
from keras_drop.data import ParsingLabels
from keras_drop.training import PartEvaluation
from tests.models.small import resnet


@pytest.fixture
def records(tmp_path):
    rng = np.random.default_rng(2)
    paths = []
    for k in range(4):
        pixels = rng.integers(0, 255, (64, 32, 3)).astype("uint8")
        Image.fromarray(pixels).save(tmp_path / f"{k}.png")
        numbers = rng.integers(0, 6, (64, 32)).astype("uint8")
        numbers[numbers == k + 1] = 0
        Image.fromarray(numbers).save(tmp_path / f"{k}_parts.png")
        paths.append((tmp_path / f"{k}.png", tmp_path / f"{k}_parts.png"))
    images, labels = zip(*paths)
    return kd.Records(images, [1, 2, 3, 4], [0] * 4, labels)


def test_logs_what_evaluate_parts_says_of_the_weights_of_the_moment(records):
    model = kd.models.BPBReID(resnet((64, 32)), 3, part_schema="five")
    labels = ParsingLabels("custom", "five")
    callback = PartEvaluation(records, labels, num_images=2, prefix="some_")
    callback.set_model(model)
    callback.on_train_begin()
    classifier = model.get_layer("part_classifier")
    for part in (1, 4):
        for weight in classifier.trainable_weights:
            if len(weight.shape) == 1 and weight.shape[0] == 6:
                weight.assign(100.0 * np.eye(6)[part])
        logs = {"loss": 1.0}
        callback.on_epoch_end(0, logs)
        quality = kd.evaluation.evaluate_parts(model, records[[0, 3]], labels)
        expected = {f"some_{k}": v for k, v in quality.metrics.items()}
        assert logs == {"loss": 1.0, **expected}
        assert quality.counts[part - 1, 1] == 1, "the weights have changed"


@pytest.mark.backend_neutral
def test_refuses_what_it_cannot_look_at(records):
    stripes = ParsingLabels("stripes", "stripes_5")
    with pytest.raises(ValueError, match="No image has a parsing label"):
        PartEvaluation(records, stripes)
    callback = PartEvaluation(records, ParsingLabels("custom", "eight"))
    callback.set_model(
        kd.models.BPBReID(resnet((64, 32)), 3, part_schema="five")
    )
    with pytest.raises(ValueError, match="have 8 parts, the model has 5"):
        callback.on_train_begin()

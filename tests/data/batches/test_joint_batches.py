import keras
import numpy as np
import pytest

from keras_drop.data import (
    IdentitySampler,
    JointBatches,
    ParsingBatches,
    ParsingLabels,
    TrainingBatches,
)
from tests.data.folders import make_records

pytestmark = pytest.mark.backend_neutral

COMMON = (64, 32), ParsingLabels("densepose14", "hpnet_four")


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    return make_records(
        tmp_path_factory.mktemp("people"), label_format="densepose14"
    )


def people_of(records):
    return TrainingBatches(
        records, *COMMON, IdentitySampler(2, 2), transforms=("flip",)
    )


def others_of(records, num_batches):
    return ParsingBatches(
        records[3:12], *COMMON, num_batches=num_batches, batch_size=3
    )


@pytest.fixture
def batches(records):
    people = people_of(records)
    return JointBatches(people, others_of(records, len(people)))


def test_are_those_of_both(records, batches):
    people = people_of(records)
    others = others_of(records, len(people))
    assert len(batches) == len(people) == 4
    batches.epoch = people.epoch = others.epoch = 2
    for index in (0, 3):
        images, targets = batches[index]
        expected_images, expected = people[index]
        np.testing.assert_array_equal(images, expected_images)
        other = targets.pop("parsing_only")
        for found, wanted in ((targets, expected), (other, others[index])):
            assert found.keys() == wanted.keys()
            for name in found:
                np.testing.assert_array_equal(found[name], wanted[name])
        assert batches.rows(index).tolist() == people.rows(index).tolist()
    assert batches.records is records


def test_both_have_the_same_epoch(batches):
    batches[0]
    batches.on_epoch_end()
    assert batches.epoch == batches.parsing_batches.epoch == 0
    for index in range(len(batches)):
        batches[index]
    batches.on_epoch_end()
    assert batches.epoch == batches.parsing_batches.epoch == 1
    batches.epoch = 7
    assert batches.batches.epoch == batches.parsing_batches.epoch == 7


def test_begins_where_the_people_are(records):
    people = people_of(records)
    people.epoch = 5
    others = others_of(records, len(people))
    assert JointBatches(people, others).parsing_batches.epoch == 5


class Brightness(keras.Model):
    """Learns how bright the images of either kind are."""

    def __init__(self):
        super().__init__()
        self.seen = self.add_weight(shape=(2,), initializer="zeros")

    def call(self, images):
        return keras.ops.mean(images, axis=(1, 2, 3))

    def compute_loss(self, x, y, y_pred, sample_weight=None, training=True):
        other = self.call(y["parsing_only"]["images"])
        means = keras.ops.mean(y_pred), keras.ops.mean(other)
        return keras.ops.sum(
            keras.ops.square(keras.ops.stack(means) - self.seen)
        )


def test_fit_takes_them(batches):
    model = Brightness()
    model.compile(keras.optimizers.SGD(0.1), jit_compile=False)
    model.fit(batches, epochs=2, shuffle=False, verbose=0)
    assert batches.epoch == batches.parsing_batches.epoch == 2
    # Noise between black and white; the step goes a fifth of the way.
    expected = 127.5 * (1 - 0.8 ** (2 * len(batches)))
    seen = keras.ops.convert_to_numpy(model.seen)
    np.testing.assert_allclose(seen, expected, rtol=0.05)


def test_refuses_another_number_of_batches(records):
    people = people_of(records)
    with pytest.raises(ValueError, match=r"4 batches .* 6 to parse.*`num_b"):
        JointBatches(people, others_of(records, 6))

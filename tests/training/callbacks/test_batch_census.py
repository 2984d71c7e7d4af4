import types

import numpy as np
import pytest
from PIL import Image

import keras_drop as kd
from keras_drop import Records
from keras_drop.training import BatchCensus

pytestmark = pytest.mark.backend_neutral

NAMES = ("foreground", "head", "legs", "feet")


class Batches(list):
    records = Records(
        [f"{k}.jpg" for k in range(6)], [1, 1, 2, 2, 3, 3], [0] * 6
    )
    rows = list.__getitem__


class Model:
    """Sees in each epoch what it is told to."""

    embedding_names = NAMES
    term_losses = {"parts_triplet": None}

    def __init__(self, *seen, weight=1.0):
        self.seen = list(seen)
        self.weight = weight
        self.embedded = []

    def weighs(self, name):
        return self.weight > 0

    def embed(self, images):
        self.embedded.append(list(images))
        seen = np.zeros((len(images), len(NAMES)))
        seen[1:, [NAMES.index(name) for name in self.seen.pop(0)]] = 0.3
        return types.SimpleNamespace(visibility=seen)


def told(batches, model, epochs, first_step=0):
    sentences = []
    census = BatchCensus(batches, tell=sentences.append)
    census.set_model(model)
    census.set_params({"epochs": epochs, "first_step": first_step})
    for epoch in range(epochs):
        for step in range(len(batches) - first_step):
            census.on_train_batch_end(step, {})
        census.on_epoch_end(epoch, {})
    return sentences


def test_counts_batches_once():
    batches = Batches([[0, 1, 2], [0, 2, 4], [1, 3], [4, 5], [4, 5, 5]])
    sentences = told(batches, Model(NAMES), epochs=3)
    assert len(sentences) == 2
    assert sentences[0].startswith("In 2 of 5 batches nobody has two images")
    assert sentences[1].startswith("2 of 5 batches are of one person")


def test_says_nothing_where_nothing_is_wrong():
    model = Model(NAMES)
    assert told(Batches([[0, 1, 2, 3]]), model, epochs=3) == []
    # All parts were seen after the first epoch.
    assert model.embedded == [[f"{k}.jpg" for k in range(4)]]


def test_single_images_do_without_a_triplet():
    model = Model(NAMES, weight=0.0)
    assert told(Batches([[0, 2, 4]]), model, epochs=1) == []


def test_counts_the_steps_that_are_left_of_a_resumed_epoch():
    batches = Batches([[0, 2], [0, 1], [2, 3]])
    sentences = told(batches, Model(NAMES), epochs=1, first_step=2)
    assert sentences == [
        "1 of 1 batches are of one person: there is nobody to tell apart. "
        "Raise `identities_per_batch`."
    ]


@pytest.mark.parametrize("epochs, looked", [(2, 2), (7, 5)])
def test_tells_the_part_that_was_never_seen(epochs, looked):
    model = Model(*[("foreground", "head"), ("foreground", "legs")] * 4)
    sentences = told(Batches([[0, 1, 2, 3]]), model, epochs)
    assert len(model.embedded) == looked
    assert len(sentences) == 1
    assert "In none of 4 training images the model sees: feet." in sentences[0]


def test_looks_at_no_file_that_another_stands_in_for(tmp_path):
    class Readers(Model):
        def embed(self, images):
            for path in images:
                kd.data.read_image(path)
            return super().embed(images)

    class Files(Batches):
        records = Records(
            [f"{tmp_path / str(k)}.png" for k in range(3)], [1, 1, 2], [0] * 3
        )

    for path in Files.records.paths[:2]:
        Image.new("RGB", (8, 16)).save(path)
    model = Readers(NAMES)
    with pytest.raises(FileNotFoundError, match=r"2\.png"):
        told(Files([[2]]), model, epochs=1)
    told(Files([[0, 2, 1]]), model, epochs=1)
    assert model.embedded == [Files.records.paths[:2].tolist()]


def test_leaves_other_data_alone():
    census = BatchCensus(None, tell=lambda text: pytest.fail(text))
    census.set_model(Model())
    census.on_train_batch_end(0)
    census.on_epoch_end(0)

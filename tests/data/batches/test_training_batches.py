import keras
import numpy as np
import pytest

from keras_drop import Records
from keras_drop.data import (
    IdentitySampler,
    ParsingLabels,
    TrainingBatches,
    random_transform,
    read_image,
)
from keras_drop.data.labels.label_files import read_part_ids
from tests.data.folders import make_records

neutral = pytest.mark.backend_neutral
SIZE = 32, 16


def make_batches(folder, label_format="pifpaf36", **arguments):
    records = make_records(folder, label_format=label_format)
    return batches_of(records, label_format, **arguments)


def batches_of(records, label_format=None, **arguments):
    return TrainingBatches(
        records,
        SIZE,
        **{
            "labels": label_format
            and ParsingLabels(
                label_format,
                "stripes_5" if label_format == "stripes" else "five_v",
            ),
            "sampler": IdentitySampler(2, 2),
            **arguments,
        },
    )


def assert_equal(batch, other):
    for a, b in zip(
        keras.tree.flatten(batch), keras.tree.flatten(other), strict=True
    ):
        np.testing.assert_array_equal(a, b)


@neutral
@pytest.mark.parametrize("label_format", ["pifpaf36", "densepose14"])
def test_what_a_batch_is(tmp_path, label_format):
    batches = make_batches(tmp_path, label_format)
    assert len(batches) == 4
    images, targets = batches[3]
    assert images.shape == (4, 32, 16, 3)
    assert (
        targets["identities"].tolist()[::2]
        == (targets["identities"].tolist()[1::2])
    )
    assert targets["parsing"].shape == (4, 8, 4, 6)
    np.testing.assert_allclose(targets["parsing"].sum(-1), 1.0, rtol=1e-6)
    assert targets["parsing_weight"].tolist() == [1.0] * 4
    assert {a.dtype.name for a in (images, targets["parsing"])} == {"float32"}
    assert targets["identities"].dtype == "int32"


@neutral
def test_images_and_labels_belong_together(tmp_path):
    records = make_records(tmp_path, label_format="densepose14")
    names = ("flip", "crop", "colour_jitter", "erase")
    batches = batches_of(records, "densepose14", transforms=names, seed=5)
    batches.epoch = 2
    images, targets = batches[1]
    labels = ParsingLabels("densepose14", "five_v")
    rng = np.random.default_rng((5, 2, 2))
    for i, row in enumerate(batches.rows(1)):
        transform = random_transform(SIZE, names, rng)
        image = read_image(records.paths[row])
        np.testing.assert_array_equal(images[i], transform.image(image))
        ids = read_part_ids(records.parsing_paths[row], image.shape[:2])
        np.testing.assert_array_equal(
            targets["parsing"][i], labels.sample(labels.group(ids), transform)
        )
        person = records.identities[row] // 10
        assert targets["identities"][i] == person


@neutral
def test_stripes_need_no_label(tmp_path):
    records = make_records(tmp_path)
    batches = batches_of(records, "stripes", transforms=())
    _, targets = batches[0]
    assert targets["parsing_weight"].tolist() == [1.0] * 4
    parts = targets["parsing"].argmax(-1)
    assert (parts == parts[:, :, :1]).all()
    for rows in parts[:, :, 0]:
        assert set(rows) == {1, 2, 3, 4, 5}
        assert (np.diff(rows) >= 0).all()


@neutral
def test_thin_parts_stay_if_asked(tmp_path):
    records = make_records(tmp_path, label_format="densepose14")
    kept, lost = (
        batches_of(
            records,
            labels=ParsingLabels(
                "densepose14", "five_v", label_reduction=reduction
            ),
            transforms=(),
        )[0][1]["parsing"]
        for reduction in ("area_max", "nearest")
    )
    assert ((kept > 0) >= (lost > 0))[..., 1:].all()
    assert (kept > 0).sum() > (lost > 0).sum()
    np.testing.assert_allclose(kept.sum(-1), 1.0, rtol=1e-6)


@neutral
def test_without_labels_there_are_identities_alone(tmp_path):
    _, targets = make_batches(tmp_path, label_format=None)[0]
    assert list(targets) == ["identities"]


@neutral
@pytest.mark.parametrize("cache", [0, 64])
def test_a_batch_follows_from_seed_epoch_and_index(tmp_path, cache):
    one = make_batches(tmp_path, workers=1, seed=7)
    two = make_batches(tmp_path, workers=3, seed=7, cache_megabytes=cache)
    for epoch in (3, 0):
        one.epoch = two.epoch = epoch
        for index in (2, 0, 3, 1):
            assert_equal(one[index], two[len(two) - 1 - (3 - index)])
    first = one[0]
    one.epoch = 1
    assert (first[0] != one[0][0]).any()
    other = make_batches(tmp_path, seed=8)
    assert (first[0] != other[0][0]).any()


@neutral
def test_a_missing_label_has_weight_zero(tmp_path):
    records = make_records(tmp_path, label_format="pifpaf36")
    labels = np.where(np.arange(20) % 3 == 0, "", records.parsing_paths)
    records = Records(
        records.paths, records.identities, records.cameras, labels
    )
    batches = batches_of(records, "pifpaf36")
    _, targets = batches[0]
    missing = batches.rows(0) % 3 == 0
    assert missing.any()
    np.testing.assert_array_equal(targets["parsing_weight"], ~missing)
    background = ParsingLabels("pifpaf36", "five_v").background
    assert (targets["parsing"][missing] == background).all()
    assert (targets["parsing"][~missing] != background).any()


@neutral
def test_a_person_with_one_image_is_repeated(tmp_path):
    records = make_records(tmp_path, num_people=2, images_per_identity=4)[:5]
    batches = batches_of(records, sampler=IdentitySampler(2, 3))
    rows = batches.rows(0).tolist()
    assert rows.count(4) == 3


@neutral
def test_wrong_arguments_are_named(tmp_path):
    records = make_records(tmp_path)
    with pytest.raises(ValueError, match=r"needs 5 people.* have 4"):
        batches_of(records, sampler=IdentitySampler(5))
    with pytest.raises(ValueError, match="None of the 20 images has a parsing"):
        batches_of(records, "pifpaf36")
    with pytest.raises(ValueError, match=r"`labels` is 'five_v'; it is made"):
        batches_of(records, labels="five_v")
    with pytest.raises(ValueError, match=r"'wipe'; it has flip, crop"):
        batches_of(records, transforms=("wipe",))
    with pytest.raises(ValueError, match="multiples of 4"):
        TrainingBatches(records, (30, 16))
    with pytest.raises(IndexError, match="Batch 4 of 4"):
        batches_of(records)[4]


@neutral
def test_a_broken_image_is_named(tmp_path):
    records = make_records(tmp_path)
    batches = batches_of(records)
    broken = records.paths[batches.rows(2)[0]]
    with open(broken, "wb") as file:
        file.write(b"broken")
    batches[0]
    with pytest.raises(ValueError, match=f"{broken} cannot be decoded"):
        batches[2]


@neutral
def test_it_counts_the_epochs_that_were_shown_in_full(tmp_path):
    batches = make_batches(tmp_path)
    batches.on_epoch_end()
    batches[0]
    batches.on_epoch_end()
    assert batches.epoch == 0
    for index in (3, 2, 1, 0):
        batches[index]
    batches.on_epoch_end()
    assert batches.epoch == 1


class MeanOfImages(keras.losses.Loss):
    def call(self, y_true, y_pred):
        return y_pred[:, 0]


class BatchLosses(keras.callbacks.Callback):
    """Takes the running mean, which `fit` reports, apart again."""

    def on_train_begin(self, logs=None):
        self.losses = []

    def on_epoch_begin(self, epoch, logs=None):
        self.sum = 0.0

    def on_train_batch_end(self, batch, logs=None):
        total = float(logs["loss"]) * (batch + 1)
        self.losses.append(total - self.sum)
        self.sum = total


def fit_and_look(batches, **arguments):
    """The mean pixel of every batch that `fit` was given."""
    images = keras.Input((*SIZE, 3))
    frozen = keras.layers.Dense(1, kernel_initializer="ones", use_bias=False)
    pooled = keras.layers.GlobalAveragePooling2D()(images)
    model = keras.Model(images, {"identities": frozen(pooled)})
    model.compile(
        keras.optimizers.SGD(0.0),
        {"identities": MeanOfImages()},
        jit_compile=False,
    )
    losses = BatchLosses()
    model.fit(
        batches, shuffle=False, verbose=0, callbacks=[losses], **arguments
    )
    return losses.losses


def test_fit_shows_every_batch_once_and_resumes(tmp_path):
    records = make_records(tmp_path)
    batches = batches_of(records, workers=3)
    expected = []
    for epoch in range(3):
        batches.epoch = epoch
        for index in range(len(batches)):
            expected.append(batches[index][0].mean(dtype="float64") * 3)
    assert np.diff(sorted(expected)).min() > 0.02

    batches = batches_of(records, workers=2)
    seen = fit_and_look(batches, epochs=3)
    np.testing.assert_allclose(seen, expected, atol=0.01)

    batches.epoch = 2
    seen = fit_and_look(batches, initial_epoch=2, epochs=3)
    np.testing.assert_allclose(seen, expected[8:], atol=0.01)


def test_fit_takes_parsing_labels(tmp_path):
    batches = make_batches(tmp_path, "densepose14")
    images = keras.Input((*SIZE, 3))
    maps = keras.layers.Conv2D(6, 4, strides=4, activation="softmax")(images)

    class Model(keras.Model):
        def compute_loss(
            self,
            x=None,
            y=None,
            y_pred=None,
            sample_weight=None,
            training=True,
        ):
            losses = keras.losses.categorical_crossentropy(y["parsing"], y_pred)
            losses = keras.ops.mean(losses, axis=(1, 2)) * y["parsing_weight"]
            return keras.ops.mean(losses)

    model = Model(images, maps)
    model.compile("sgd", jit_compile=False)
    history = model.fit(batches, epochs=2, shuffle=False, verbose=0).history
    assert np.isfinite(history["loss"]).all()


def test_fit_names_a_broken_image(tmp_path):
    records = make_records(tmp_path)
    batches = batches_of(records)
    broken = records.paths[batches.rows(2)[0]]
    with open(broken, "wb") as file:
        file.write(b"broken")
    with pytest.raises(Exception, match="cannot be decoded") as error:
        fit_and_look(batches)
    assert broken in str(error.value)

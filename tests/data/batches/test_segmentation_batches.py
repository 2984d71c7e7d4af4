import keras
import numpy as np
import pytest

from keras_drop import Records
from keras_drop.data import (
    ParsingLabels,
    SegmentationBatches,
    random_transform,
    read_image,
)
from keras_drop.data.occlusions import GridMask, PersonOverPerson
from tests.data.folders import make_records

neutral = pytest.mark.backend_neutral
SIZE = 32, 16
CHANGES = ("flip", "crop", "erase")


def batches_of(records, **arguments):
    return SegmentationBatches(
        records,
        SIZE,
        **{
            "labels": ParsingLabels("densepose14", "fourteen"),
            "transforms": CHANGES,
            "batch_size": 6,
            **arguments,
        },
    )


@pytest.fixture
def records(tmp_path):
    return make_records(tmp_path, label_format="densepose14")


@neutral
def test_images_and_parts_belong_together(records):
    batches = batches_of(records, seed=5)
    assert len(batches) == 3
    batches.epoch = 2
    images, parts = batches[1]
    assert images.shape == (6, 32, 16, 3)
    assert parts.shape == (6, 32, 16)
    assert (images.dtype, parts.dtype) == ("float32", "int32")
    labels = ParsingLabels("densepose14", "fourteen")
    rng = np.random.default_rng((5, 2, 2))
    for i, row in enumerate(batches.rows(1)):
        transform = random_transform(SIZE, CHANGES, rng)
        image = read_image(records.paths[row])
        np.testing.assert_array_equal(images[i], transform.image(image))
        label = labels.read(records.parsing_paths[row], image.shape[:2])
        expected = labels.pixels(labels.group(label), transform)
        np.testing.assert_array_equal(parts[i], expected)


@neutral
def test_an_epoch_shows_images_once(records):
    batches = batches_of(records)
    epochs = []
    for epoch in range(2):
        batches.epoch = epoch
        rows = np.concatenate([batches.rows(i) for i in range(3)])
        assert len(set(rows)) == 18
        epochs.append(rows.tolist())
    assert epochs[0] != epochs[1]
    one = batches_of(records, batch_size=50)
    assert len(one) == 1
    assert one[0][0].shape[0] == 20


@neutral
def test_a_batch_follows_from_seed_epoch_and_index(records):
    one = batches_of(records, workers=1, seed=7)
    two = batches_of(records, workers=3, seed=7, cache_megabytes=0)
    one.epoch = two.epoch = 3
    for index in (2, 0, 1):
        for a, b in zip(one[index], two[index], strict=True):
            np.testing.assert_array_equal(a, b)
    before = one[0][0]
    one.epoch = 1
    assert (before != one[0][0]).any()


@neutral
def test_what_is_hidden_is_background(records):
    plain = batches_of(records, transforms=())
    stage = GridMask(probability=1.0)
    hidden = batches_of(records, transforms=(), occlusions=(stage,))
    images, parts = plain[0]
    covered, left = hidden[0]
    changed = (images != covered).any(axis=-1)
    assert 0.05 < changed.mean() < 0.95
    assert parts[changed].any()
    assert not left[changed].any()
    np.testing.assert_array_equal(left[~changed], parts[~changed])


@neutral
def test_images_without_a_label_are_left_out(records):
    labels = np.where(np.arange(20) % 2, "", records.parsing_paths)
    half = Records(records.paths, records.identities, records.cameras, labels)
    batches = batches_of(half)
    assert len(batches.records) == 10
    assert len(batches) == 1
    with pytest.raises(ValueError, match="None of the 10 images has a"):
        batches_of(half[labels == ""])
    stripes = ParsingLabels("stripes", "stripes_14")
    assert len(batches_of(half, labels=stripes)) == 3


@neutral
def test_wrong_arguments_are_named(records):
    with pytest.raises(ValueError, match="'six' cannot be made from 'png7'"):
        batches_of(records, labels=ParsingLabels("png7", "six"))
    with pytest.raises(ValueError, match=r"'wipe'; it has flip, crop"):
        batches_of(records, transforms=("wipe",))
    with pytest.raises(IndexError, match="Batch 3 of 3"):
        batches_of(records)[3]
    for name, value in (("batch_size", 0), ("batch_size", 2.5), ("workers", 0)):
        with pytest.raises(
            ValueError, match=f"`{name}` is at least 1, a whole"
        ):
            batches_of(records, **{name: value})


@neutral
def test_processes_share_a_batch(records):
    """Each makes its part as the whole batch has it, hidden images too."""
    stages = GridMask(0.6), PersonOverPerson(probability=0.5)
    whole, *parts = (batches_of(records, occlusions=stages) for _ in range(4))
    for index, part in enumerate(parts):
        part.share = index, 3
    for number in range(len(whole)):
        shared = zip(*(part[number] for part in parts))
        for got, expected in zip(shared, whole[number], strict=True):
            assert [len(some) for some in got] == [2, 2, 2]
            np.testing.assert_array_equal(np.concatenate(got), expected)


def test_fit_takes_them(records):
    batches = batches_of(records)
    images = keras.Input((*SIZE, 3))
    model = keras.Model(images, keras.layers.Conv2D(15, 1)(images))
    model.compile(
        keras.optimizers.Adam(1e-4),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        jit_compile=False,
    )
    history = model.fit(batches, epochs=2, shuffle=False, verbose=0).history
    assert np.isfinite(history["loss"]).all()
    assert batches.epoch == 2


@neutral
def test_somebody_else_is_pasted_over_people(records):
    stage = PersonOverPerson(probability=1.0)
    covered, _ = batches_of(records, transforms=(), occlusions=(stage,))[0]
    plain, _ = batches_of(records, transforms=())[0]
    assert (covered != plain).any(axis=(1, 2, 3)).all()

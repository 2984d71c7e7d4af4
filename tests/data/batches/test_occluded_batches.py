"""`TrainingBatches` with occlusion: image, label and visibility in step."""

import dataclasses

import keras
import numpy as np
import pytest
from PIL import Image

from keras_drop.data import (
    IdentitySampler,
    ParsingLabels,
    TrainingBatches,
    random_transform,
    read_image,
)
from keras_drop.data.occlusions import (
    GridMask,
    PartOcclusion,
    PersonOverPerson,
    RandomErasing,
    RealisticOcclusion,
    Scene,
    SeveritySchedule,
    occlude,
)
from tests.data.batches.test_training_batches import assert_equal
from tests.data.folders import make_records
from tests.data.occlusions.banks import hide, opaque

neutral = pytest.mark.backend_neutral
SIZE = 32, 16
STAGES = (
    RealisticOcclusion(opaque(9, 3), 0.5),
    GridMask(0.5),
    RandomErasing(0.5),
)
LABELLED = (PersonOverPerson(0.7), PartOcclusion(0.7))


def make_batches(folder, label_format="densepose14", **arguments):
    records = make_records(folder, label_format=label_format)
    return TrainingBatches(
        records,
        SIZE,
        **{
            "labels": label_format and ParsingLabels(label_format, "five_v"),
            "sampler": IdentitySampler(2, 2),
            **arguments,
        },
    )


def slow_targets(labels, grouped, transform, hidden):
    """Cell by cell and pixel by pixel."""
    whole = dataclasses.replace(transform, hole=None)
    plain = labels.sample(grouped, transform)
    parts = labels.pixels(grouped, whole)
    hole = np.zeros(SIZE, bool)
    if transform.hole:
        top, left, height, width = transform.hole
        hole[top : top + height, left : left + width] = True
    parsing, valid = plain.copy(), np.zeros(plain.shape[:2])
    for r in range(SIZE[0] // 4):
        for c in range(SIZE[1] // 4):
            y, x = 4 * r + 2, 4 * c + 2
            if hidden[y, x]:
                parsing[r, c] = labels.background
            inside = (
                0 <= y + transform.shift[0] < SIZE[0]
                and 0 <= x + transform.shift[1] < SIZE[1]
            )
            valid[r, c] = inside and not hidden[y, x] and not hole[y, x]
    visibility = []
    for part in range(1, 6):
        total = (parts == part).sum()
        seen = ((parts == part) & ~hidden & ~hole).sum()
        visibility.append(seen / total if total else 0.0)
    return parsing, valid, visibility


@neutral
@pytest.mark.parametrize("label_format", ["pifpaf36", "densepose14"])
def test_image_label_and_visibility_stay_in_step(tmp_path, label_format):
    names = ("flip", "crop", "erase", "enhance")
    batches = make_batches(
        tmp_path,
        label_format,
        transforms=names,
        occlusions=STAGES,
        occluded_stream=(RealisticOcclusion(opaque(4, 4)),),
        visibility_targets=True,
        seed=5,
    )
    batches.epoch = 2
    images, targets = batches[1]
    labels = ParsingLabels(label_format, "five_v")
    rng = np.random.default_rng((5, 2, 2))
    streams = STAGES, (RealisticOcclusion(opaque(4, 4)),)
    any_hidden = False
    for i, row in enumerate(batches.rows(1)):
        transform = random_transform(SIZE, names, rng)
        image = read_image(batches.records.paths[row])
        label = labels.read(batches.records.parsing_paths[row], image.shape[:2])
        image = transform.image(image)
        hidden = np.zeros(SIZE, bool)
        for number, stages in enumerate(streams):
            image, now = occlude(
                image,
                stages,
                np.random.default_rng((5, 2, 2, 1 + 2 * i + number)),
            )
            hidden |= now
            any_hidden |= hidden.any() and not number
            prefix = "occluded_" if number else ""
            np.testing.assert_array_equal(
                targets["occluded_images"][i] if number else images[i], image
            )
            expected = slow_targets(
                labels, labels.group(label), transform, hidden
            )
            for name, value in zip(
                ("parsing", "valid", "part_visibility"), expected, strict=True
            ):
                actual = targets[prefix + name][i]
                np.testing.assert_allclose(actual, value, rtol=1e-6)
    assert any_hidden
    assert targets["occluded_images"].dtype == "float32"
    assert (targets["occluded_images"] != images).any()
    assert sorted(targets) == [
        "identities",
        "occluded_images",
        "occluded_parsing",
        "occluded_part_visibility",
        "occluded_valid",
        "parsing",
        "parsing_weight",
        "part_visibility",
        "valid",
    ]


@neutral
def test_a_hidden_part_is_gone_from_image_and_label(tmp_path):
    """Test 13 of HPNet's specification, through the whole pipeline."""
    plain = make_batches(
        tmp_path, transforms=("crop",), visibility_targets=True
    )
    mean = (0.486 * 255, 0.459 * 255, 0.408 * 255)
    occluded = make_batches(
        tmp_path,
        transforms=("crop",),
        visibility_targets=True,
        occlusions=(PartOcclusion(1.0, fill=mean),),
    )
    images, targets = plain[0]
    now, after = occluded[0]
    for i in range(len(images)):
        before = targets["parsing"][i].argmax(-1)
        left = after["parsing"][i].argmax(-1)
        gone = set(np.unique(before)) - set(np.unique(left))
        assert len(gone) in (1, 2)
        vanished = np.isin(before, list(gone))
        np.testing.assert_array_equal(left, np.where(vanished, 0, before))
        seen = after["part_visibility"][i]
        parts = set(range(1, len(seen) + 1))
        never = parts - set(np.unique(before))
        # A part that fills no cell can be hidden with one, or be seen.
        assert gone <= set(np.flatnonzero(seen == 0) + 1) <= gone | never
        assert set(seen) <= {0.0, 1.0}
        changed = (now[i] != images[i]).any(axis=-1)
        np.testing.assert_array_equal(changed[2::4, 2::4], vanished)
        assert np.abs(now[i][changed] - mean).max() < 1e-4
        np.testing.assert_array_equal(
            after["valid"][i], targets["valid"][i] * ~vanished
        )


@neutral
def test_the_second_stream_hides_what_the_first_has_left(tmp_path):
    stages = (PartOcclusion(1.0, max_parts=1),)
    batches = make_batches(
        tmp_path,
        transforms=(),
        occlusions=stages,
        occluded_stream=stages,
        visibility_targets=True,
    )
    for index in range(4):
        _, targets = batches[index]
        assert ((targets["part_visibility"] == 0).sum(axis=1) == 1).all()
        seen = targets["occluded_part_visibility"]
        assert ((seen == 0).sum(axis=1) == 2).all()


@neutral
@pytest.mark.parametrize("cache", [0, 64])
def test_follows_from_seed_epoch_and_index(tmp_path, cache):
    arguments = {
        "occlusions": (
            SeveritySchedule(STAGES[0], (0, 4), (0.1, 1.0)),
            *STAGES[1:],
            *LABELLED,
        ),
        "occluded_stream": (RealisticOcclusion(),),
        "visibility_targets": True,
        "seed": 7,
    }
    one = make_batches(tmp_path, workers=1, **arguments)
    two = make_batches(tmp_path, workers=3, cache_megabytes=cache, **arguments)
    for epoch in (3, 0):
        one.epoch = two.epoch = epoch
        expected = {index: one[index] for index in range(4)}
        for index in (2, 0, 3, 1):
            assert_equal(expected[index], two[index])
    other = make_batches(tmp_path, **{**arguments, "seed": 8})
    assert (expected[0][0] != other[0][0]).any()


@neutral
def test_images_are_hidden_independently_of_each_other(tmp_path):
    stages = (RandomErasing(1.0),)
    batches = make_batches(
        tmp_path,
        None,
        transforms=(),
        occlusions=stages,
        occluded_stream=stages,
        visibility_targets=True,
    )
    holes = [
        hole.tobytes()
        for index in range(4)
        for images, targets in [batches[index]]
        for hole in (*targets["valid"], *targets["occluded_valid"])
    ]
    assert len(set(holes)) > 20


@neutral
def test_without_occlusion_the_batches_are_those_of_before(tmp_path):
    plain = make_batches(tmp_path)
    occluded = make_batches(tmp_path, occluded_stream=(GridMask(1.0),))
    images, targets = plain[2]
    same, more = occluded[2]
    np.testing.assert_array_equal(images, same)
    for name, array in targets.items():
        np.testing.assert_array_equal(array, more[name])


@neutral
def test_a_person_stands_in_front(tmp_path):
    """Of another identity, with the colours of the own image."""
    stage = PersonOverPerson(1.0)
    batches = make_batches(
        tmp_path, transforms=(), occlusions=(stage,), visibility_targets=True
    )
    files, index = batches._files, 1
    images, targets = batches[index]
    for i, row in enumerate(batches.rows(index)):
        rows = []

        def person(rng, row=row, rows=rows):
            image, mask = files.somebody_else(row, rng)
            rows.append(image)
            return image, mask

        image = read_image(batches.records.paths[row])
        image = random_transform(SIZE, (), np.random.default_rng()).image(image)
        expected, hidden = hide(
            stage, image, (1, 0, 2, 1 + 2 * i), Scene(person=person)
        )
        assert rows
        np.testing.assert_array_equal(images[i], expected)
        np.testing.assert_array_equal(targets["valid"][i], ~hidden[2::4, 2::4])
    assert targets["valid"].mean() < 0.9


@neutral
def test_identities_alone_can_be_occluded(tmp_path):
    batches = make_batches(
        tmp_path, None, occlusions=STAGES, visibility_targets=True
    )
    targets = batches[0][1]
    assert sorted(targets) == ["identities", "valid"]
    assert targets["valid"].shape == (4, 8, 4)


@neutral
def test_area_max_loses_the_hidden_parts_too(tmp_path):
    records = make_records(tmp_path, label_format="densepose14")
    for image, label in zip(records.paths, records.parsing_paths, strict=True):
        # Smaller than what the model sees, and no multiple of it.
        Image.new("RGB", (11, 21)).save(image)
        ids = np.zeros((21, 11), "uint8")
        ids[2:5, 3:8], ids[5:12, 2:9], ids[17:, 4] = 14, 1, 5
        Image.fromarray(ids).save(label)
    (_, before), (_, targets) = (
        TrainingBatches(
            records,
            SIZE,
            ParsingLabels("densepose14", "five_v", label_reduction="area_max"),
            IdentitySampler(4, 4),
            transforms=("crop",),
            occlusions=stages,
            visibility_targets=True,
        )[0]
        for stages in ((), (PartOcclusion(1.0),))
    )
    gone = before["part_visibility"] > targets["part_visibility"]
    assert gone.any(axis=1).mean() > 0.9
    labels = [t["parsing"][..., 1:].any(axis=(1, 2)) for t in (before, targets)]
    assert labels[0][gone].all()
    assert not labels[1][gone].any()
    assert (labels[1] & ~gone).any()


@neutral
def test_parts_cannot_be_hidden_without_labels(tmp_path):
    for stage in LABELLED:
        name = type(stage).__name__
        with pytest.raises(ValueError, match=f"{name} cuts out what parsing"):
            make_batches(tmp_path, None, occlusions=(stage,))
        with pytest.raises(ValueError, match=name):
            make_batches(tmp_path, None, occluded_stream=(stage,))


def test_a_model_trains_on_what_is_left(tmp_path):
    batches = make_batches(
        tmp_path,
        occlusions=(*STAGES, *LABELLED),
        occluded_stream=(RealisticOcclusion(),),
        visibility_targets=True,
    )
    images = keras.Input((*SIZE, 3))
    maps = keras.layers.Conv2D(6, 4, strides=4, activation="softmax")(images)
    model = TwoStreams(images, maps)
    model.compile("sgd", jit_compile=False)
    history = model.fit(batches, epochs=2, shuffle=False, verbose=0).history
    assert np.isfinite(history["loss"]).all()


class TwoStreams(keras.Model):
    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        second = self(y["occluded_images"], training=training)
        return self.loss_of(y, y_pred, "") + self.loss_of(
            y, second, "occluded_"
        )

    def loss_of(self, y, maps, prefix):
        losses = keras.losses.categorical_crossentropy(
            y[f"{prefix}parsing"], maps
        )
        return keras.ops.mean(losses * y[f"{prefix}valid"])

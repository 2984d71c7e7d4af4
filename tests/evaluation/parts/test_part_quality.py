"""Masks and visibility beside a slow count, pixel by pixel."""

import numpy as np
import pytest
from PIL import Image

import keras_drop as kd
from keras_drop.data import ParsingLabels
from keras_drop.evaluation import PartQuality, evaluate_parts
from keras_drop.evaluation.parts.part_truth import evenly, labelled, part_truth
from tests.models.small import resnet

neutral = pytest.mark.backend_neutral
NAMES = ("head", "torso", "legs")


def slow(truth, found, visibility):
    """IoU of each part and rates, one cell and one image after the other."""
    ious = []
    for k in range(1, 4):
        both = either = 0
        for true, seen in zip(truth, found):
            for row in range(len(true)):
                for column in range(true.shape[1]):
                    is_true = true[row, column] == k
                    is_found = seen[row // 2, column // 2] == k
                    both += is_true and is_found
                    either += is_true or is_found
        ious.append(both / either)
    rates = {True: [], False: []}
    for true, seen in zip(truth, visibility):
        for k in range(1, 4):
            visible = k in true
            rates[visible].append((seen[k - 1] >= 0.5) == visible)
    return np.mean(ious), np.mean(rates[True]), np.mean(rates[False])


@neutral
def test_equals_a_slow_count():
    rng = np.random.default_rng(1)
    truth = rng.integers(0, 4, (6, 8, 4))
    truth[:2][truth[:2] == 1] = 0
    truth[1:4][truth[1:4] == 3] = 2
    found = rng.integers(0, 4, (6, 4, 2))
    visibility = rng.random((6, 3))
    quality = PartQuality.of(truth, found, visibility, NAMES)
    expected = slow(truth, found, visibility)
    np.testing.assert_allclose(list(quality.metrics.values()), expected)
    assert quality.balanced_accuracy == pytest.approx(sum(expected[1:]) / 2)
    person = np.repeat(np.repeat(found, 2, 1), 2, 2) > 0
    both, either = (truth > 0) & person, (truth > 0) | person
    assert quality.person_iou == pytest.approx(both.sum() / either.sum())


@neutral
def test_what_never_occurs_is_told_as_such():
    truth = np.array([[[1, 2], [2, 1]]])
    quality = PartQuality.of(truth, truth, np.array([[1, 0, 1]]), NAMES)
    told = quality.as_dictionary()
    assert told["each"]["head"]["hidden_right"] is None
    assert told["each"]["legs"] == {
        "iou": None,
        "visible": 0,
        "visible_right": None,
        "hidden": 1,
        "hidden_right": 0.0,
    }
    last = quality.table().splitlines()[-1].split("|")[1:-1]
    assert [cell.strip() for cell in last] == [
        "**all**",
        "100.0",
        "50.0 % of 2",
        "0.0 % of 1",
    ]


@pytest.fixture
def records(tmp_path):
    rng = np.random.default_rng(2)
    rows = []
    for k in range(3):
        image, label = tmp_path / f"{k}.png", tmp_path / f"{k}_parts.png"
        pixels = rng.integers(0, 255, (64, 32, 3)).astype("uint8")
        Image.fromarray(pixels).save(image)
        numbers = rng.integers(0, 6, (64, 32)).astype("uint8")
        numbers[numbers == k + 1] = 0
        Image.fromarray(numbers).save(label)
        rows.append((image, label))
    paths, labels = map(list, zip(*rows))
    labels[2] = ""
    return kd.Records(paths, [1, 2, 3], [0, 0, 0], labels)


@neutral
def test_the_truth_is_that_of_the_training_labels(records):
    labels = ParsingLabels("custom", "five")
    truth = part_truth(records[:2], labels, (64, 32))
    for path, found in zip(records.parsing_paths, truth):
        np.testing.assert_array_equal(
            np.asarray(Image.open(path))[2::4, 2::4], found
        )
    # Also where training labels are made small in another way.
    areas = ParsingLabels("custom", "five", label_reduction="area_max")
    np.testing.assert_array_equal(
        part_truth(records[:2], areas, (64, 32)), truth
    )


@neutral
def test_labelled_and_evenly(records):
    assert len(labelled(records, ParsingLabels("custom", "five"))) == 2
    assert not len(labelled(records, ParsingLabels("stripes", "stripes_5")))
    assert evenly(records, 2).identities.tolist() == [1, 3]
    assert evenly(records, 3) is records


def test_of_a_model(records):
    model = kd.models.BPBReID(resnet((64, 32)), 3, part_schema="five")
    labels = ParsingLabels("custom", "five")
    quality = evaluate_parts(model, records, labels)
    images = kd.data.ImageBatches(records.paths[:2], (64, 32))[0]
    outputs = model.predict(images, verbose=0)
    expected = PartQuality.of(
        part_truth(records[:2], labels, (64, 32)),
        outputs["part_maps"].argmax(axis=-1),
        outputs["visibility"][:, 1:],
        labels.part_schema.part_names,
    )
    assert quality.as_dictionary() == expected.as_dictionary()
    assert quality.counts[:2, 2].tolist() == [1, 1], "hidden in one image each"

    with pytest.raises(
        ValueError, match="labels have 8 parts, the model has 5"
    ):
        evaluate_parts(model, records, ParsingLabels("custom", "eight"))
    with pytest.raises(ValueError, match="No image has a parsing label"):
        evaluate_parts(model, records[2:], labels)
    baseline = kd.models.GlobalBaseline(resnet((64, 32)), 3)
    with pytest.raises(ValueError, match="GlobalBaseline has no parts"):
        evaluate_parts(baseline, records, labels)

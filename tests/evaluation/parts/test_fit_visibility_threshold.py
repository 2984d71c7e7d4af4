"""Thresholds beside every possible one, and in a model."""

import keras
import numpy as np
import pytest
from PIL import Image

import keras_drop as kd
from keras_drop.data import ParsingLabels
from keras_drop.data.occlusions import RandomErasing, named_occlusions
from keras_drop.evaluation import fit_visibility_threshold
from keras_drop.evaluation.parts import visibility_thresholds
from keras_drop.evaluation.parts.visibility_thresholds import (
    best_threshold,
    best_thresholds,
)
from tests.models.small import resnet

neutral = pytest.mark.backend_neutral
LABELS = ParsingLabels("custom", "five")


def accuracy(scores, visible, threshold):
    called = scores >= threshold
    return (called[visible].mean() + (~called)[~visible].mean()) / 2


@neutral
@pytest.mark.parametrize("seed", range(6))
def test_no_threshold_is_better(seed):
    rng = np.random.default_rng(seed)
    visible = rng.random(60) < 0.8
    scores = np.clip(rng.normal(0.4 + 0.2 * visible, 0.2), 0, 1).round(2)
    found = best_threshold(scores, visible)
    tried = [accuracy(scores, visible, t) for t in np.linspace(0.001, 1, 1999)]
    assert accuracy(scores, visible, found) == pytest.approx(max(tried))
    assert max(tried) > 0.55


@neutral
@pytest.mark.parametrize(
    "scores, visible, low, high",
    [
        ([0.2, 0.3, 0.6, 0.9], [0, 0, 1, 1], 0.44, 0.46),
        ([0.5, 0.5, 0.5], [1, 0, 1], 0.0, 1.0),
        ([0.0, 1.0], [0, 1], 0.49, 0.51),
        ([0.9, 0.1], [0, 1], 0.0, 1.0),
    ],
)
def test_edges(scores, visible, low, high):
    found = best_threshold(scores, visible)
    assert low < found < high


@neutral
def test_margins_may_be_below_0():
    scores = np.array([-0.9, -0.7, -0.5, 0.5, 0.6])
    visible = np.array([False, False, True, True, True])
    assert best_threshold(scores, visible, -1.0) == pytest.approx(-0.6)
    # Where nothing is gained, anything is visible, or nothing.
    assert -1 < best_threshold(-scores, visible, -1.0) < 1


@neutral
def test_a_part_without_examples_gets_the_threshold_of_all():
    rng = np.random.default_rng(1)
    visible = rng.random((100, 3)) < (0.5, 0.5, 1.0)
    visible[:19, 2] = False
    scores = np.where(visible, 0.6, 0.2) + rng.uniform(0, 0.1, (100, 3))
    scores[:, 1] += 0.25
    values = best_thresholds(scores, visible)
    assert 0.3 < values[0] < 0.6 and 0.55 < values[1] < 0.85
    assert values[2] == best_threshold(scores.ravel(), visible.ravel())
    assert values[2] not in values[:2]
    scores, visible = scores[15:, 2:], visible[15:, 2:]
    with pytest.raises(ValueError, match="Fewer than 5 of 85 parts are hidden"):
        best_thresholds(scores, visible)


@pytest.fixture
def records(tmp_path):
    rng = np.random.default_rng(2)
    paths = []
    for k in range(12):
        pixels = rng.integers(0, 255, (64, 32, 3)).astype("uint8")
        numbers = rng.integers(0, 6, (64, 32)).astype("uint8")
        numbers[np.isin(numbers, rng.permutation(5)[:2] + 1)] = 0
        Image.fromarray(pixels).save(tmp_path / f"{k}.png")
        Image.fromarray(numbers).save(tmp_path / f"{k}_parts.png")
        paths.append((tmp_path / f"{k}.png", tmp_path / f"{k}_parts.png"))
    images, labels = zip(*paths)
    return kd.Records(images, range(12), [0] * 12, labels)


def shaken(model):
    """Maps that differ between images."""
    rng = np.random.default_rng(0)
    for name in ("part_classifier", *(f"{p}_parsing_head" for p in PARTS)):
        if any(layer.name == name for layer in model.layers):
            for weight in model.get_layer(name).trainable_weights:
                weight.assign(rng.normal(0, 0.7, weight.shape))
    return model


PARTS = LABELS.part_schema.part_names


@pytest.mark.slow
@neutral
@pytest.mark.parametrize("method", ["BPBReID", "HPNet"])
def test_is_stored_in_the_model(records, method, tmp_path, monkeypatch):
    monkeypatch.setattr(visibility_thresholds, "FEWEST_OF_PART", 2)
    cls = getattr(kd.models, method)
    model = shaken(cls(resnet((64, 32)), 3, part_schema="five"))
    fitted = fit_visibility_threshold(model, records, LABELS)
    assert fitted.before.counts[:, [0, 2]].sum() == 60
    lowest = -1 if method == "BPBReID" else 0
    assert lowest < min(fitted.values) and max(fitted.values) < 1
    rate = fitted.after.balanced_accuracy
    assert rate >= max(fitted.before.balanced_accuracy, 0.5)
    assert np.unique(np.round(fitted.values, 6)).size > 1, "one for each part"

    images = kd.data.ImageBatches(records.paths, (64, 32))[0]
    outputs = model.predict(images, verbose=0)
    scores = keras.ops.convert_to_numpy(model.part_scores(outputs))
    expected = scores >= fitted.values
    other = fitted.applied(model)
    file = tmp_path / "model.keras"
    other.save(file)
    for model_with in (other, kd.load_model(file)):
        seen = model_with.embed(images).visibility[:, -5:]
        np.testing.assert_array_equal(seen, expected)
    quality = kd.evaluation.evaluate_parts(other, records, LABELS)
    assert quality.visible_right == fitted.after.visible_right
    assert quality.hidden_right == fitted.after.hidden_right
    table = fitted.table()
    assert len(table.splitlines()) == 7 and f"{fitted.values[0]:.3f}" in table


def test_occlusions_hide_labels_too(records):
    model = shaken(kd.models.BPBReID(resnet((64, 32)), 3, part_schema="five"))
    all_hidden = (RandomErasing(1.0, (1.0, 1.0), (2.0, 2.0)),)
    with pytest.raises(ValueError, match="of 60 parts are visible"):
        fit_visibility_threshold(model, records, LABELS, occlusions=all_hidden)
    some = named_occlusions(["random_erasing:1.0"])
    plain, *hidden = (
        fit_visibility_threshold(
            model, records, LABELS, occlusions=stages, seed=seed
        ).before
        for stages, seed in (((), 1), (some, 1), (some, 1), (some, 2))
    )
    tables = [quality.table() for quality in (plain, *hidden)]
    assert tables[1] == tables[2] and len(set(tables)) == 3


@neutral
def test_refusals(records):
    baseline = kd.models.GlobalBaseline(resnet((64, 32)), 3)
    with pytest.raises(ValueError, match="GlobalBaseline has no parts"):
        fit_visibility_threshold(baseline, records, LABELS)
    model = kd.models.BPBReID(resnet((64, 32)), 3, part_schema="five")
    with pytest.raises(ValueError, match="PartOcclusion hides by labels"):
        fit_visibility_threshold(
            model,
            records,
            LABELS,
            occlusions=named_occlusions(["part_occlusion"]),
        )

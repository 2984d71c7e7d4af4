import csv
import math

import keras
import numpy as np
import pytest

import keras_drop as kd
from keras_drop.training import RetrievalEvaluation


def fit(*callbacks, epochs):
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    x = np.ones((4, 2), "float32")
    return model.fit(
        x, x[:, :1], epochs=epochs, callbacks=callbacks, verbose=0
    ).history


def test_every_other_epoch_and_the_last(tmp_path):
    seen = []

    def evaluate(model):
        prediction = model.predict(np.ones((1, 2)), verbose=0)
        seen.append(float(prediction[0, 0]))
        return {"mAP": len(seen) / 10, "rank-1": 0.5, "rank-5": 0.75}

    file = tmp_path / "log.csv"
    history = fit(
        RetrievalEvaluation(evaluate, every=2),
        keras.callbacks.CSVLogger(str(file)),
        epochs=5,
    )
    expected = [math.nan, 0.1, math.nan, 0.2, 0.3]
    np.testing.assert_equal(history["val_mAP"], expected)
    np.testing.assert_equal(history["val_rank-1"][1], 0.5)
    assert "val_rank-5" not in history
    assert len(set(seen)) == 3, "the weights of the moment are evaluated"
    with file.open() as lines:
        rows = list(csv.DictReader(lines))
    logged = [float(row["val_mAP"]) for row in rows]
    np.testing.assert_equal(logged, expected)


def test_refuses_what_makes_no_sense():
    with pytest.raises(ValueError, match="`every` is 0"):
        RetrievalEvaluation(dict, every=0)
    callback = RetrievalEvaluation(lambda model: {"mAP": 1.0}, 1, ["rank-1"])
    with pytest.raises(ValueError, match="gives no rank-1, but mAP"):
        fit(callback, epochs=1)


@pytest.mark.backend_neutral
def test_under_a_protocol(tmp_path):
    """Red, green and blue images; the model has only to see the colour."""
    folders, colours = {"query": 0, "gallery": 1}, np.eye(3) * 200
    splits = {}
    for split, camera in folders.items():
        paths = []
        for person, colour in enumerate(colours):
            paths.append(str(tmp_path / f"{split}_{person}.png"))
            pixels = np.tile(colour.astype("uint8"), (12, 6, 1))
            keras.utils.save_img(paths[-1], pixels, scale=False)
        splits[split] = kd.Records(paths, [0, 1, 2], [camera] * 3)
    # Two queries are of other people than their images show.
    splits["query"] = kd.Records(
        splits["query"].paths, [0, 2, 1], splits["query"].cameras
    )
    model = kd.models.GlobalBaseline(kd.models.resnet18((32, 32)), 3)
    cameras = []

    def embed(batches):
        cameras.append(batches.cameras.tolist())
        return kd.Descriptors(np.concatenate([*batches]).mean(axis=(1, 2)))

    model.embed = embed
    callback = RetrievalEvaluation.of_protocol(
        "occluded_duke",
        splits,
        every=2,
        metrics=["rank-1", "mAP"],
        know_cameras=True,
    )
    callback.set_model(model)
    callback.set_params({"epochs": 4})
    logs = {}
    callback.on_epoch_end(0, logs)
    assert np.isnan(logs["val_rank-1"]) and callback.card is None
    callback.on_epoch_end(1, logs)
    np.testing.assert_allclose(logs["val_rank-1"], 1 / 3)
    assert callback.card.metrics["mAP"] == logs["val_mAP"]
    assert cameras == [[0, 0, 0], [1, 1, 1]]
    assert callback.card.protocol.name == "occluded_duke"
    assert callback.card.model.name == "GlobalBaseline"
    assert callback.card.model.image_size == (32, 32)


@pytest.mark.backend_neutral
def test_unknown_protocol():
    with pytest.raises(ValueError, match="occluded_duke"):
        RetrievalEvaluation.of_protocol("duke", {})

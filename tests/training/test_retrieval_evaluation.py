import csv
import math

import keras
import numpy as np
import pytest

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

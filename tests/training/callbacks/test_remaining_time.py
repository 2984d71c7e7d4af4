import math
import re

import pytest

from keras_drop.training import RemainingTime
from keras_drop.training.callbacks.remaining_time import hours_minutes_seconds

pytestmark = pytest.mark.backend_neutral


def test_one_line_an_epoch(capsys, monkeypatch):
    now = iter([100.0, 160.0, 200.0])
    monkeypatch.setattr("time.monotonic", lambda: next(now))
    callback = RemainingTime()
    callback.set_params({"epochs": 80})
    callback.on_train_begin()
    callback.on_epoch_end(19, {"loss": 1.23456, "val_mAP": math.nan})
    watched = {"val_mAP": 0.5, "val_mask_iou": 0.25, "val_hidden_right": 0.75}
    callback.on_epoch_end(20, {"loss": 1.0, **watched})
    first, second = capsys.readouterr().out.splitlines()
    assert first == "epoch 20/80, loss 1.235, 60.0 s an epoch, 1:00:00 left"
    assert re.fullmatch(
        "epoch 21/80, loss 1, val_mAP 0.5, val_mask_iou 0.25, "
        "val_hidden_right 0.75, 50.0 s an epoch, 0:49:10 left",
        second,
    )


@pytest.mark.parametrize(
    "seconds, text", [(0.4, "0:00:00"), (59.6, "0:01:00"), (90061, "25:01:01")]
)
def test_hours_minutes_seconds(seconds, text):
    assert hours_minutes_seconds(seconds) == text

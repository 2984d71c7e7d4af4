import math
import time

import keras


class RemainingTime(keras.callbacks.Callback):
    """Prints one line an epoch: how it went, and when the run will end.

    What is left is estimated from the epochs of this run so far. Put it last
    in the list of callbacks, so that it sees what the others log, and give
    `fit` the argument `verbose=0` to have this line alone.

    Example:
    >>> from keras_drop.training import RemainingTime
    >>> callback = RemainingTime()
    >>> callback.set_params({"epochs": 2})
    >>> callback.on_train_begin()
    >>> callback.on_epoch_end(0, {"loss": 0.25})
    epoch 1/2, loss 0.25, 0.0 s an epoch, 0:00:00 left
    """

    def on_train_begin(self, logs=None):
        self._start, self._epochs_done = time.monotonic(), 0

    def on_epoch_end(self, epoch, logs=None):
        self._epochs_done += 1
        seconds = (time.monotonic() - self._start) / self._epochs_done
        epochs = self.params["epochs"]
        parts = [f"epoch {epoch + 1}/{epochs}"]
        for name, value in (logs or {}).items():
            if not math.isnan(value):
                parts.append(f"{name} {float(value):.4g}")
        left = hours_minutes_seconds(seconds * (epochs - epoch - 1))
        parts += [f"{seconds:.1f} s an epoch", f"{left} left"]
        print(", ".join(parts), flush=True)


def hours_minutes_seconds(seconds):
    """Seconds as people read them.

    Example:
    >>> from keras_drop.training.callbacks.remaining_time import (
    ...     hours_minutes_seconds)
    >>> hours_minutes_seconds(3725.4)
    '1:02:05'
    """
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}"

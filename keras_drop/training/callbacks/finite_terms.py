import keras
import numpy as np


class FiniteTerms(keras.callbacks.Callback):
    """Stops a run whose loss is no longer a finite number.

    It looks after every step at the means that the progress bar shows, and so
    waits for the step to end. Put it before `RunCheckpoint` in the list of
    callbacks: what is not finite is not saved. The terms are those of
    `loss_terms`, without their weight.

    Args:
        batches: The data of `fit`; the error names the images of the batch,
            if it has `records` and `rows`.

    Raises:
        ValueError: In `fit`; names terms, step and images.

    Example:
    >>> from keras_drop.training import FiniteTerms
    >>> guard = FiniteTerms()
    >>> guard.on_epoch_begin(2)
    >>> guard.on_train_batch_end(7, {"loss": float("nan"), "part_triplet": 0.3})
    Traceback (most recent call last):
    ...
    ValueError: `loss` is nan in step 8 of epoch 3. ...
    """

    def __init__(self, batches=None):
        super().__init__()
        self.batches = batches

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        wrong = {
            name: float(value)
            for name, value in (logs or {}).items()
            if np.ndim(value) == 0 and not np.isfinite(value)
        }
        if not wrong:
            return
        terms = [name for name in wrong if name != "loss"] or ["loss"]
        # `resumed_fit` says how many steps of the epoch were done before.
        step = (self.params or {}).get("first_step", 0) + batch
        told = " and ".join(f"`{name}` is {wrong[name]}" for name in terms)
        raise ValueError(
            f"{told} in step {step + 1} of epoch {self._epoch + 1}."
            f"{self._images(step)} Look at these images, lower "
            "`learning_rate`, or take `precision` float32. Nothing of it was "
            "saved."
        )

    def _images(self, step):
        if not hasattr(self.batches, "rows"):
            return ""
        rows = self.batches.rows(step)
        paths = self.batches.records.paths[rows]
        return f" The batch has the images {', '.join(map(str, paths))}."

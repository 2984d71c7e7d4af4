import time
import zlib
from pathlib import Path

import keras
import numpy as np

from keras_drop.backend import (
    alone,
    gather_processes,
    process_index,
    random_state,
    set_random_state,
    wait_for_processes,
)
from keras_drop.checks import refuse_less_than_1
from keras_drop.training.checkpoints.checkpoint_files import (
    checkpoints,
    keep,
    last_intact,
    read_state,
    write_checkpoint,
)
from keras_drop.training.checkpoints.run_state import (
    assign,
    means,
    refuse_not_finite,
    seeds,
    values,
)

_WEIGHTS = "run.weights.h5"


class RunCheckpoint(keras.callbacks.Callback):
    """Saves a run, so that it can go on where it stopped.

    It saves after every epoch and, if `minutes` are given, in the middle of
    long ones. An interrupted run that is resumed ends with the weights of one
    that was not: saved are the weights, the memory banks among them, the
    optimizer, the means of the losses so far, the state of all random layers,
    the epoch and the step, from which the batches follow.
    `keras.callbacks.BackupAndRestore` forgets the last five.

    A checkpoint is written aside, flushed to the disk, summed and renamed; a
    damaged one is told and the one before it counts. Weights that are not
    finite are not saved. The last one stays: a finished run that is started
    again has nothing left to do.

    Of several processes that learn together the first one writes, and all read
    the same folder.

    `resumed_fit` goes on from any checkpoint. Without it, give `fit` the
    argument `shuffle=False`; Keras draws its own order of the batches from a
    state that is nowhere saved.

    Args:
        directory: Where checkpoints are; made if it does not exist.
        batches: The data of `fit`, whose `epoch` is set on resuming.
        minutes: From one checkpoint to the next within an epoch; `None` for
            none.
        num_kept: How many of the last ones are kept.
        best: Name of a metric in the logs: the checkpoint where it was
            highest is kept as well. Take one of validation people.
        settings: Dictionary of plain values to be saved with it.

    Raises:
        ValueError: In `restore`, a model that is not compiled, or damage to
            all checkpoints; in `fit`, weights that are not finite.
        OSError: No checkpoint could be written.

    Example:
    >>> import keras
    >>> from keras_drop.training import RunCheckpoint
    >>> import tempfile
    >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    >>> model.compile("adam", "mse")
    >>> checkpoint = RunCheckpoint(tempfile.mkdtemp())
    >>> images, labels = keras.ops.ones((4, 3)), keras.ops.ones((4, 1))
    >>> history = model.fit(
    ...     images, labels, epochs=3, callbacks=[checkpoint], verbose=0,
    ...     shuffle=False, initial_epoch=checkpoint.restore(model))
    >>> checkpoint.restore(model)
    3
    """

    def __init__(
        self,
        directory,
        batches=None,
        minutes=None,
        num_kept=2,
        best="validation_mAP",
        settings=None,
    ):
        super().__init__()
        refuse_less_than_1(num_kept=num_kept)
        self.directory = Path(directory)
        self.batches = batches
        self.minutes = minutes
        self.num_kept = num_kept
        self.best = best
        self.settings = settings
        self.step = 0
        self._restored = None
        self._random_state = None
        self._state_of_step = None
        self._seconds = 0.0
        self._start = time.monotonic()

    @property
    def seconds(self):
        """How long the run took so far, also before it was interrupted."""
        return self._seconds + time.monotonic() - self._start

    def state(self):
        """What the last intact checkpoint says, `None` if there is none.

        Returns:
            Dictionary of `epoch`, the epochs that are done, `step`, the steps
            of the next one that are, `settings` and `score`.
        """
        path = self._last()
        return None if path is None else read_state(path)

    def _last(self):
        """Path of the last intact one, the same in all processes."""
        if process_index():
            wait_for_processes()
            path = last_intact(self.directory)
        else:
            path = last_intact(self.directory)
            wait_for_processes()  # Damaged ones are out of the way.
        name = -1 if path is None else zlib.crc32(path.name.encode()) % 2**20
        if len(np.unique(gather_processes(np.float64(name)))) > 1:
            raise ValueError(
                f"The processes see other checkpoints in {self.directory}. "
                "Give all a `run_dir` on a file system that they share."
            )
        return path

    def restore(self, model):
        """Puts `model` and the batches where the run stopped.

        `step` then says how many steps of the epoch are done already.

        Args:
            model: Compiled model.

        Returns:
            The `initial_epoch` for `fit`, 0 if there is no checkpoint.
        """
        if getattr(model, "optimizer", None) is None:
            raise ValueError(
                "A run is resumed with its optimizer. Call `model.compile` "
                "before `restore`."
            )
        path = self._last()
        if path is None:
            return 0
        # The optimizer has no variables to load into before it is built.
        model.optimizer.build(model.trainable_variables)
        model.load_weights(path / _WEIGHTS)
        state = read_state(path)
        if self.batches is not None:
            self.batches.epoch = state["epoch"]
            if len(means(model)) < len(state["means"]):
                # Keras makes some metrics when it first needs them.
                model.test_on_batch(*self.batches[0])
        assign(seeds(model), state["seeds"])
        self._restored = state
        self._random_state = state["random_state"]
        if state["step"]:
            self._state_of_step = state["random_state"]
        self._seconds = state["seconds"]
        self.step = state["step"]
        return state["epoch"]

    def on_train_begin(self, logs=None):
        self._saved_at = time.monotonic()
        # Not in `restore`: before it starts, every `fit` tries the model out.
        if self._random_state is not None:
            set_random_state(self._random_state)

    def on_train_end(self, logs=None):
        self._random_state = random_state()

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch = epoch
        restored, self._restored = self._restored, None
        if restored is None or restored["epoch"] != epoch:
            self.step = 0
        elif restored["step"]:
            # `fit` has just reset them.
            assign(means(self.model), restored["means"])

    def on_train_batch_begin(self, batch, logs=None):
        # Within an epoch not before either: PyTorch draws for the order of
        # the batches when the epoch begins.
        if self._state_of_step is not None:
            set_random_state(self._state_of_step)
            self._state_of_step = None

    def on_train_batch_end(self, batch, logs=None):
        self.step += 1
        # After the last step the end of the epoch is saved.
        if self.minutes is None or batch + 1 == self.params["steps"]:
            return
        due = time.monotonic() - self._saved_at >= 60 * self.minutes
        # All save, when the first one says so: clocks differ.
        if gather_processes(np.float32(due))[0]:
            # On JAX the weights are elsewhere in the middle of an epoch.
            getattr(self.model, "jax_state_sync", lambda: None)()
            self._save(self._epoch, self.step)

    def on_epoch_end(self, epoch, logs=None):
        self._save(epoch + 1, 0, (logs or {}).get(self.best))
        self.step = 0

    def _save(self, epoch, step, score=None):
        where = (
            f"step {step} of epoch {epoch + 1}" if step else f"epoch {epoch}"
        )
        refuse_not_finite(self.model, where)
        state = {
            "epoch": epoch,
            "step": step,
            "score": None if score is None or np.isnan(score) else float(score),
            "seconds": self.seconds,
            "seeds": values(seeds(self.model)),
            "means": values(means(self.model)) if step else [],
            "random_state": random_state(),
            "settings": self.settings,
        }
        self._saved_at = time.monotonic()
        if process_index():
            return
        name = f"epoch-{epoch:06}" + (f"-step-{step:06}" if step else "")
        # What only this process does must not be a matter of all.
        alone(
            lambda: write_checkpoint(
                self.directory,
                name,
                lambda folder: self.model.save_weights(folder / _WEIGHTS),
                state,
            )
        )
        keep(self.directory, self.num_kept, self.best_path())

    def best_path(self):
        """Path of the checkpoint where `best` was highest, if any has it."""
        scores = {}
        for path in checkpoints(self.directory):
            score = _score(path)
            if score is not None:
                scores[path] = score
        return max(scores, key=scores.get, default=None)


def _score(path):
    try:
        return read_state(path)["score"]
    except (OSError, ValueError, KeyError):
        return None  # Damaged; it is told when it is needed.

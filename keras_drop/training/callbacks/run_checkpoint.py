import json
import shutil
from pathlib import Path

import keras

from keras_drop.backend import random_state, set_random_state


class RunCheckpoint(keras.callbacks.Callback):
    """Saves a run after every epoch, so that it can go on where it stopped.

    An interrupted run that is resumed ends with the weights of one that was
    not: saved are the weights, the memory banks among them, the optimizer,
    the state of all random layers and the number of the epoch, from which
    the batches follow. `keras.callbacks.BackupAndRestore` forgets the last
    two. A checkpoint is written aside and renamed when it is complete, and
    only then is the one before it removed. The last one stays: a finished run
    that is started again has nothing left to do.

    Give `fit` the argument `shuffle=False`; Keras draws its own order of the
    batches from a state that is nowhere saved.

    Args:
        directory: Where checkpoints are; made if it does not exist.
        batches: The data of `fit`, whose `epoch` is set on resuming.

    Raises:
        ValueError: In `restore`, a model that is not compiled.

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

    def __init__(self, directory, batches=None):
        super().__init__()
        self.directory = Path(directory)
        self.batches = batches
        self._random_state = None

    @property
    def epoch(self):
        """How many epochs the last checkpoint has seen, 0 if there is none."""
        checkpoints = self._checkpoints()
        if not checkpoints:
            return 0
        return int(checkpoints[-1].name.removeprefix("epoch-"))

    def restore(self, model):
        """Puts `model` and the batches where the run stopped.

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
        checkpoints = self._checkpoints()
        if not checkpoints:
            return 0
        # The optimizer has no variables to load into before it is built.
        model.optimizer.build(model.trainable_variables)
        model.load_weights(checkpoints[-1] / "run.weights.h5")
        state = json.loads((checkpoints[-1] / "state.json").read_text())
        for variable, seed in zip(_seeds(model), state["seeds"], strict=True):
            variable.assign(seed)
        self._random_state = state["random_state"]
        if self.batches is not None:
            self.batches.epoch = state["epoch"]
        return state["epoch"]

    def on_train_begin(self, logs=None):
        # Not in `restore`: before it starts, `fit` tries the model out.
        if self._random_state is not None:
            set_random_state(self._random_state)
            self._random_state = None

    def on_epoch_end(self, epoch, logs=None):
        epoch += 1
        aside = self.directory / "incomplete"
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(parents=True)
        self.model.save_weights(aside / "run.weights.h5")
        seeds = [
            keras.ops.convert_to_numpy(variable).tolist()
            for variable in _seeds(self.model)
        ]
        state = {
            "epoch": epoch,
            "seeds": seeds,
            "random_state": random_state(),
        }
        (aside / "state.json").write_text(json.dumps(state))
        earlier = self._checkpoints()
        complete = self.directory / f"epoch-{epoch:06}"
        if complete in earlier:
            shutil.rmtree(complete)
        aside.rename(complete)
        for checkpoint in earlier:
            if checkpoint != complete:
                shutil.rmtree(checkpoint)

    def _checkpoints(self):
        return sorted(self.directory.glob("epoch-*"))


def _seeds(model):
    """The states of `keras.random.SeedGenerator`, which are no weights."""
    return [
        variable
        for variable in model.non_trainable_variables
        if variable.name == "seed_generator_state"
    ]

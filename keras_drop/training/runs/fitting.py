"""`fit` with all that a run wants to know of it."""

import importlib.util
import sys

import keras

from keras_drop.data import query_and_gallery
from keras_drop.evaluation.parts.part_truth import labelled
from keras_drop.training.callbacks.part_evaluation import PartEvaluation
from keras_drop.training.callbacks.remaining_time import RemainingTime
from keras_drop.training.callbacks.retrieval_evaluation import (
    RetrievalEvaluation,
)
from keras_drop.training.callbacks.run_checkpoint import RunCheckpoint
from keras_drop.training.callbacks.thaw_stages import ThawStages


def fit_model(run, model, batches, splits):
    """Trains to the last epoch, from the run's checkpoint if there is one.

    Args:
        run: `Run`.
        model: Its compiled model.
        batches: What `fit` gets.
        splits: Dictionary of `Records`.
    """
    checkpoint = RunCheckpoint(run.run_dir / "checkpoints", batches)
    thaw = _thaw(run.backbone.thaw_epoch)
    for callback in thaw:
        # The optimizer of a later epoch knows the thawed weights.
        callback.resume(model, checkpoint.epoch)
    first = checkpoint.restore(model)
    if first:
        print(f"Going on after epoch {first}.")
    else:
        run.prepare(model, splits)
    epochs = run.fit.epochs
    model.fit(
        batches,
        epochs=epochs,
        initial_epoch=first,
        verbose=1 if sys.stdout.isatty() else 0,
        callbacks=[
            *thaw,
            keras.callbacks.LearningRateScheduler(
                lambda epoch, _: run.optimizer.rate(epoch, epochs)
            ),
            RetrievalEvaluation.of_protocol(
                run.data.test_protocol,
                splits,
                run.fit.evaluate_every,
                know_cameras=True,
            ),
            *_validation(splits, run.fit.evaluate_every),
            *_parts(run, model, splits),
            keras.callbacks.CSVLogger(
                run.run_dir / "history.csv", append=first > 0
            ),
            *_tensorboard(run.run_dir / "tensorboard"),
            checkpoint,
            RemainingTime(),
        ],
    )


def _validation(splits, every):
    """Retrieval among people who are held out, if there are some."""
    if "validation" not in splits:
        return []
    return [
        RetrievalEvaluation.of_protocol(
            "market1501",
            query_and_gallery(splits["validation"]),
            every,
            know_cameras=True,
            prefix="validation_",
        )
    ]


def _thaw(epoch):
    """The callback, if there is such an epoch."""
    return [ThawStages(epoch)] if epoch else []


def _parts(run, model, splits):
    """The callback, if there are parts, and labels of images to look at."""
    if "part_maps" not in model.output:
        return []
    labels, side = run.data.labels(), "query"
    if "validation" in splits:
        side = "validation"
    if not len(labelled(splits[side], labels)):
        return []
    prefix = "val_" if side == "query" else "validation_"
    return [PartEvaluation(splits[side], labels, prefix=prefix)]


def _tensorboard(folder):
    """The callback, if TensorBoard is installed (extra `tracking`)."""
    if importlib.util.find_spec("tensorboard") is None:
        return []
    return [keras.callbacks.TensorBoard(folder)]

"""`fit` with all that a run wants to know of it."""

import importlib.util
import sys

import keras

from keras_drop.backend import num_processes, process_index
from keras_drop.data import query_and_gallery
from keras_drop.evaluation.parts.part_truth import labelled
from keras_drop.training.callbacks.alone_evaluation import (
    AloneEvaluation,
    prepare_alone,
)
from keras_drop.training.callbacks.averaged_evaluation import (
    AveragedEvaluation,
)
from keras_drop.training.callbacks.batch_census import BatchCensus
from keras_drop.training.callbacks.finite_terms import FiniteTerms
from keras_drop.training.callbacks.history_file import HistoryFile
from keras_drop.training.callbacks.part_evaluation import PartEvaluation
from keras_drop.training.callbacks.remaining_time import RemainingTime
from keras_drop.training.callbacks.resumed_fit import resumed_fit
from keras_drop.training.callbacks.retrieval_evaluation import (
    RetrievalEvaluation,
)
from keras_drop.training.callbacks.thaw_stages import ThawStages
from keras_drop.training.resuming.begun_run import run_checkpoint


def fit_model(run, model, batches, splits, watchers=()):
    """Trains to the last epoch, from the run's checkpoint if there is one.

    Args:
        run: `Run`.
        model: Its compiled model.
        batches: What `fit` gets.
        splits: Dictionary of `Records`.
        watchers: Callbacks that see what the others found.
    """
    checkpoint, so_far = run_checkpoint(run, batches, splits["train"])
    thaw = _thaw(run.backbone.thaw_epochs)
    for callback in thaw:
        # The optimizer of a later epoch knows the thawed weights.
        callback.resume(model, so_far["epoch"] + bool(so_far["step"]))
    epochs = run.fit.epochs
    resumed_fit(
        model,
        checkpoint,
        epochs,
        callbacks=[
            *thaw,
            keras.callbacks.LearningRateScheduler(
                lambda epoch, _: run.optimizer.rate(epoch, epochs)
            ),
            AveragedEvaluation(_evaluations(run, model, splits)),
            FiniteTerms(batches),
            BatchCensus(batches),
            *_files(run.run_dir, so_far["epoch"], watchers),
        ],
        verbose=1 if sys.stdout.isatty() else 0,
        prepare=lambda: _prepare(run, model, splits),
    )


def _evaluations(run, model, splits):
    """Retrieval and parts, of this process alone if there are others."""
    found = [
        RetrievalEvaluation.of_protocol(
            run.data.test_protocol,
            splits,
            run.fit.evaluate_every,
            know_cameras=run.data.knows_cameras,
        ),
        *_validation(splits, run.fit.evaluate_every),
        *_parts(run, model, splits),
    ]
    return found if num_processes() == 1 else [AloneEvaluation(found)]


def _prepare(run, model, splits):
    if num_processes() == 1:
        run.prepare(model, splits)
    else:
        prepare_alone(lambda copy: run.prepare(copy, splits), model)


def _files(folder, first_epoch, watchers):
    """What writes and prints, in the first process."""
    if process_index():
        return []
    return [
        HistoryFile(folder / "history.csv", first_epoch),
        *_tensorboard(folder / "tensorboard"),
        *watchers,
        RemainingTime(),
    ]


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


def _thaw(epochs):
    """The callback, if there are such epochs."""
    return [ThawStages(*epochs)] if epochs else []


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

import importlib.util
import json
import math
import numbers
import sys
from pathlib import Path

import keras

from keras_drop.checks import checked_choice
from keras_drop.evaluation.cards.json_file import write_json

TRACKERS = ("mlflow", "wandb")
_PROJECT = "keras_drop"
_PARAMETERS_AT_ONCE = 100  # MLflow takes no more.


class ExperimentTracker(keras.callbacks.Callback):
    """Tells MLflow or Weights & Biases of a run: settings, epochs, the card.

    Where they send it is their own business: `MLFLOW_TRACKING_URI`, a folder
    if there is none, and `wandb login`, or `WANDB_MODE=offline`. A run that
    goes on is theirs that it was.

    Args:
        tracker: `"mlflow"` or `"wandb"`.
        folder: Of the run; its name is the run's, and a file in it remembers
            their identifier.
        settings: Dictionary of plain values that are told at the start.

    Raises:
        ValueError: Another tracker.
        ImportError: It is not installed; says what installs it.

    Example:

    `model.fit(..., callbacks=[ExperimentTracker("mlflow", "runs/mine")])`
    """

    def __init__(self, tracker, folder, settings=None):
        super().__init__()
        checked_choice("tracker", tracker, TRACKERS)
        kind = {"mlflow": _MLflow, "wandb": _WeightsAndBiases}[tracker]
        self.tracker = tracker
        self.folder = Path(folder)
        self.settings = dict(settings or {})
        self._file = self.folder / f"{tracker}.json"
        self._log = kind(_imported(tracker))
        self._begun = False

    def on_train_begin(self, logs=None):
        if self._begun:
            return
        self._begun = True
        known = None
        if self._file.exists():
            known = json.loads(self._file.read_text())["run"]
        run = self._log.begin(known, self.folder, self.settings)
        write_json(self._file, {"run": run})

    def on_epoch_end(self, epoch, logs=None):
        self._log.metrics(_finite(logs or {}), epoch + 1)

    def finish(self, card=None, metrics=None):
        """Ends the run, with its result.

        Args:
            card: Path of a file that is kept with it.
            metrics: Dictionary of its final metrics.
        """
        if not self._begun:
            self.on_train_begin()
        named = {f"final/{k}": v for k, v in _finite(metrics or {}).items()}
        self._log.end(card, named)
        self._begun = False

    def fail(self):
        """Ends the run, if it has begun, as one that did not get through."""
        if self._begun:
            self._log.fail()
        self._begun = False


def refuse_missing_tracker(name):
    """Refuses a tracker that is not installed; does not import it.

    Args:
        name: One of `TRACKERS`.

    Raises:
        ImportError: Says what installs it.
    """
    try:
        found = importlib.util.find_spec(name)
    except ValueError:  # A module without a specification is there.
        found = sys.modules[name]
    if found is None:
        raise _missing(name)


class _MLflow:
    def __init__(self, module):
        self.module = module

    def begin(self, run, folder, settings):
        self.module.set_experiment(_PROJECT)
        given = {"run_id": run} if run else {"run_name": folder.name}
        begun = self.module.start_run(**given)
        if not run:
            names = list(settings)
            for start in range(0, len(names), _PARAMETERS_AT_ONCE):
                some = names[start : start + _PARAMETERS_AT_ONCE]
                self.module.log_params({name: settings[name] for name in some})
        return begun.info.run_id

    def metrics(self, metrics, step):
        self.module.log_metrics(metrics, step=step)

    def end(self, card, metrics):
        if metrics:
            self.module.log_metrics(metrics)
        if card is not None:
            self.module.log_artifact(str(card))
        self.module.end_run()

    def fail(self):
        self.module.end_run(status="FAILED")


class _WeightsAndBiases:
    def __init__(self, module):
        self.module = module

    def begin(self, run, folder, settings):
        folder.mkdir(parents=True, exist_ok=True)
        self.run = self.module.init(
            project=_PROJECT,
            name=folder.name,
            id=run,
            resume="allow",
            config=settings,
            dir=str(folder),
        )
        return self.run.id

    def metrics(self, metrics, step):
        self.run.log(metrics, step=step)

    def end(self, card, metrics):
        self.run.summary.update(metrics)
        if card is not None:
            card = Path(card)
            self.run.save(str(card), base_path=str(card.parent), policy="now")
        self.run.finish()

    def fail(self):
        self.run.finish(exit_code=1)


def _imported(tracker):
    try:
        return importlib.import_module(tracker)
    except ImportError as error:
        raise _missing(tracker) from error


def _missing(tracker):
    return ImportError(
        f"`tracker` {tracker} is not installed: pip install "
        f"'keras_drop[{tracker}]'."
    )


def _finite(values):
    """The numbers among them, which is all that trackers draw."""
    return {
        name: float(value)
        for name, value in values.items()
        if isinstance(value, numbers.Real) and math.isfinite(value)
    }

"""What a run is watched by, and whom its card is told."""

import contextlib
import importlib.util
import json

from keras_drop.export import write_tensorboard_text
from keras_drop.training.callbacks.energy_meter import EnergyMeter
from keras_drop.training.callbacks.experiment_tracker import ExperimentTracker
from keras_drop.training.resuming.resumed_settings import training_settings


@contextlib.contextmanager
def watching(run, is_first):
    """Watches a run; if it ends by an error, its tracker is told.

    Args:
        run: `Run`.
        is_first: Whether this process is the one that talks.

    Yields:
        `RunWatch`; `None` in other processes.

    Raises:
        ImportError: The tracker is not installed.
    """
    watch = RunWatch(run) if is_first else None
    try:
        yield watch
    except BaseException:
        if watch and watch.tracker:
            watch.tracker.fail()
        raise


class RunWatch:
    """The energy of a run, and a tracker of experiments if it has one.

    Args:
        run: `Run`.

    Raises:
        ImportError: The tracker is not installed.
    """

    def __init__(self, run):
        self.folder = run.run_dir
        self.energy = EnergyMeter()
        self.tracker = None
        if run.fit.tracker:
            self.tracker = ExperimentTracker(
                run.fit.tracker, run.run_dir, training_settings(run)
            )

    @property
    def callbacks(self):
        """Of `fit`; after those that evaluate."""
        return [self.energy, *([self.tracker] if self.tracker else [])]

    def tell(self, card):
        """Shows the card to TensorBoard, if there is one, and the tracker.

        Args:
            card: `ResultCard`, saved in the run's folder.
        """
        path, board = self.folder / "card.json", self.folder / "tensorboard"
        if board.is_dir() and importlib.util.find_spec("tensorboard"):
            told = json.dumps(json.loads(path.read_text()), indent=2)
            lines = [f"    {line}" for line in told.splitlines()]
            write_tensorboard_text(board, "card", "\n".join(lines))
        if self.tracker is not None:
            self.tracker.finish(path, card.metrics)

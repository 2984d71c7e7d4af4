import csv
import os
from pathlib import Path

import keras


class HistoryFile(keras.callbacks.Callback):
    """Writes the logs of every epoch to a CSV file, a row each.

    As `keras.callbacks.CSVLogger`, but the file is always whole, and a run
    that goes on from a checkpoint keeps just the rows of the epochs before
    it: no epoch is there twice. Columns that come later are empty before.

    Args:
        path: Of the file; its folder is there.
        first: Epochs that are done; their rows are kept.

    Raises:
        OSError: In `fit`, a file that cannot be written.
        ValueError: A file of something else, where epochs are done.

    Example:
    >>> import tempfile
    >>> from pathlib import Path
    >>> from keras_drop.training import HistoryFile
    >>> path = Path(tempfile.mkdtemp(), "history.csv")
    >>> for first in (0, 1):
    ...     history = HistoryFile(path, first)
    ...     history.on_epoch_end(first, {"loss": 0.5 - 0.25 * first})
    ...     history.on_epoch_end(first + 1, {"loss": 0.125})
    >>> print(path.read_text(), end="")
    epoch,loss
    0,0.5
    1,0.25
    2,0.125
    """

    def __init__(self, path, first=0):
        super().__init__()
        self.path = Path(path)
        self.first = first
        self._rows = _rows(self.path, first) if first else []

    def on_epoch_end(self, epoch, logs=None):
        self._rows.append({"epoch": epoch, **dict(sorted(logs.items()))})
        columns = dict.fromkeys(name for row in self._rows for name in row)
        aside = self.path.with_name(f".{self.path.name}.part")
        try:
            with open(aside, "w", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, columns, lineterminator="\n")
                writer.writeheader()
                writer.writerows(self._rows)
            os.replace(aside, self.path)
        except OSError as error:
            raise OSError(
                f"{self.path} could not be written: "
                f"{error.strerror or error}. Mend that and start the run "
                "again; it goes on from its last checkpoint."
            ) from error


def _rows(path, first):
    """The rows of the epochs before `first`."""
    try:
        with open(path, newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
    except FileNotFoundError:
        return []
    try:
        return [row for row in rows if int(row["epoch"]) < first]
    except (KeyError, TypeError, ValueError):
        raise ValueError(
            f"{path} is damaged: its rows do not begin with the number of an "
            "epoch. Mend it, or remove it and do without the epochs before."
        ) from None

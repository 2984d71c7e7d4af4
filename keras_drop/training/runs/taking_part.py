"""A run in one process, or in one of several that learn together."""

import contextlib
import os

from keras_drop import backend
from keras_drop.training.resuming.run_lock import run_lock


@contextlib.contextmanager
def taking_part(processes, run_dir):
    """The first process holds the folder and talks; all end together.

    Args:
        processes: `Processes`.
        run_dir: Folder of all that the run leaves.

    Raises:
        ValueError: Another run holds it.
        OSError: The folder cannot be written.

    Example:
    >>> import tempfile
    >>> from keras_drop.training import Processes
    >>> from keras_drop.training.runs.taking_part import taking_part
    >>> with taking_part(Processes(1, 2), tempfile.mkdtemp()):
    ...     print("The first one says that.")
    """
    if processes.is_first:
        with run_lock(run_dir):
            yield
            backend.wait_for_processes()
        return
    with (
        open(os.devnull, "w", encoding="utf-8") as nowhere,
        contextlib.redirect_stdout(nowhere),
    ):
        yield
    if backend.num_processes() > 1:
        backend.wait_for_processes()


def first_one_first(function):
    """Calls a function in the first process, then in the others.

    What it draws or repairs, the others find.

    Args:
        function: Without arguments.

    Returns:
        What it returns.
    """
    if backend.process_index() == 0:
        found = function()
        backend.wait_for_processes()
        return found
    backend.wait_for_processes()
    return function()

"""Python processes of their own: another backend, or a bare TensorFlow."""

import itertools
import os
import subprocess
import sys

_TRACEBACK = "Traceback (most recent call last):"


def run_python(arguments, problem, **environment):
    """Runs Python with `arguments`, on the CPU, and waits for it.

    It finds the modules that this process finds. Graphics cards are hidden
    from it: this process may hold all their memory.

    Args:
        arguments: Arguments of the interpreter, strings or paths.
        problem: Start of the message if it fails.
        **environment: Variables that are set for it.

    Raises:
        RuntimeError: It failed. The message ends with the error that ended
            it; a note on it has the last lines that it wrote.
    """
    ended = subprocess.run(
        [sys.executable, *map(os.fspath, arguments)],
        env={
            **os.environ,
            "CUDA_VISIBLE_DEVICES": "-1",
            "PYTHONPATH": os.pathsep.join(
                path or os.getcwd() for path in sys.path
            ),
            **environment,
        },
        capture_output=True,
        text=True,
        errors="replace",
    )
    if ended.returncode:
        error = RuntimeError(f"{problem}: {_last_error(ended)}")
        error.add_note("\n".join(ended.stderr.splitlines()[-40:]))
        raise error


def _last_error(ended):
    """What follows the last traceback, in one line."""
    _, traceback, rest = ended.stderr.rpartition(_TRACEBACK)
    if not traceback:
        return f"the process ended with code {ended.returncode}."
    lines = itertools.dropwhile(
        lambda line: not line or line.startswith(" "), rest.splitlines()
    )
    return " ".join(" ".join(lines).split())

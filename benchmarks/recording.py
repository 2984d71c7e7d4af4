"""Where a benchmark leaves its figures: `--results=FILE`.

With a file of `benchmarks/results`, and `python -m benchmarks.results_pages`
after it, the pages show them.
"""

import importlib.metadata
import os
import shutil
import subprocess
import sys
from pathlib import Path

from absl import flags

from benchmarks.result_files import write_rows

RESULTS = flags.DEFINE_string(
    "results", None, "file of figures whose rows of these names are replaced"
)
_LIBRARIES = ("keras", "tensorflow", "jax", "torch")


def record(rows, otherwise=None):
    """Writes rows to `--results`, with this command and this machine.

    Args:
        rows: Dictionary of rows by name, as of `one_run`.
        otherwise: File to write to without `--results`; without either
            nothing is written.
    """
    path = RESULTS.value or otherwise
    if path:
        write_rows(path, f"{command()}: {machine()}", rows)


def command():
    """The command of this process, without where its figures go."""
    backend = os.environ.get("KERAS_BACKEND")
    arguments = [
        argument
        for argument in sys.argv[1:]
        if not argument.startswith("--results=")
    ]
    words = [
        *([f"KERAS_BACKEND={backend}"] if backend else []),
        f"python -m benchmarks.{Path(sys.argv[0]).stem}",
        *arguments,
    ]
    return " ".join(words)


def machine():
    """What the figures were measured on. On Linux."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    versions = [
        f"{name} {importlib.metadata.version(name)}" for name in _LIBRARIES
    ]
    return (
        f"{os.cpu_count()} CPU cores ({_processor()}), "
        f"{memory / 1e9:.0f} GB, {_accelerator()}; {', '.join(versions)}"
    )


def _processor():
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = [
        line.split(":")[1] for line in lines if line.startswith("model name")
    ]
    return names[0].strip() if names else os.uname().machine


def _accelerator():
    if shutil.which("nvidia-smi") is None:
        return "no GPU"
    listed = subprocess.run(
        ["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"],
        capture_output=True,
        text=True,
        check=False,
    )
    return ", ".join(listed.stdout.split("\n")).strip(", ") or "no GPU"

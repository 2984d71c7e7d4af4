"""A training step beside the same one written in PyTorch.

    python -m benchmarks.step_beside_torch

BPBReID with a ResNet-50 at 256 x 128, batches of 16, its losses and its Adam,
on two threads: as plain torch modules, and ours on TensorFlow; beside it DROP,
PAB-ReID, the backbone alone that classifies, and that as Keras has it. The
steps of several processes take turns, so that whatever else the machine does
slows all alike; median seconds. `--results=FILE` keeps the figures.
"""

import json
import os
import subprocess
import sys

import numpy as np
from absl import app, flags

from benchmarks.recording import record
from benchmarks.result_files import one_run

ROUNDS = flags.DEFINE_integer("rounds", 10, "steps of each, after two")
# Which steps are taken by one process: those compared have one of their own.
PROCESSES = (
    ("torch", ("torch",)),
    ("torch", ("torch, memory kept",)),
    ("torch", ("torch, channels last",)),
    ("tensorflow", ("bpbreid",)),
    ("tensorflow", ("keras", "backbone", "drop", "pab_reid")),
)
BARE = "backbone"


def main(_):
    processes = [
        (_start(backend, names), names) for backend, names in PROCESSES
    ]
    made_of = {}
    for process, _ in processes:
        made_of.update(_answer(process))
    seconds = {name: [] for name in made_of}
    for _ in range(ROUNDS.value):
        for process, names in processes:
            for name in names:
                process.stdin.write(f"{name}\n")
                process.stdin.flush()
                seconds[name].append(_answer(process))
    for process, _ in processes:
        process.stdin.close()
        process.wait()
    rows = {
        name: one_run(figures, 3)
        for name, figures in summary(seconds, made_of).items()
    }
    for name, row in rows.items():
        print(name, row["mean"])
    record(rows)


def summary(seconds, made_of):
    """Figures of every step.

    Args:
        seconds: Dictionary of lists of `seconds` and `processor seconds`.
        made_of: Dictionary of further figures of each.

    Returns:
        Dictionary by step of the medians, the quickest, the step in PyTorch
        as a multiple, and the share above the backbone alone, in percent.
    """
    kinds = "seconds", "processor seconds"
    figures = {
        name: {kind: np.median([one[kind] for one in all_]) for kind in kinds}
        for name, all_ in seconds.items()
    }
    for name, each in figures.items():
        each["quickest"] = min(one["seconds"] for one in seconds[name])
        for kind, short in zip(kinds, ("", "processor ")):
            own = each[kind]
            each[f"{short}torch / this"] = figures["torch"][kind] / own
            each[f"{short}over the backbone"] = 100 * (
                own / figures[BARE][kind] - 1
            )
        each.update(made_of[name])
    return figures


def _start(backend, names):
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks.training_steps", *names],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "KERAS_BACKEND": backend},
    )


def _answer(process):
    line = process.stdout.readline()
    if not line:
        raise RuntimeError(
            f"{' '.join(map(str, process.args))} ended; its error is above."
        )
    return json.loads(line)


if __name__ == "__main__":
    app.run(main)

"""A training step beside the same one written in PyTorch.

    python -m benchmarks.step_beside_torch

BPBReID with a ResNet-50 at 256 x 128, batches of 16, its losses and its Adam,
on two threads: as plain torch modules, and ours on TensorFlow; beside it DROP,
PAB-ReID, HPNet, the backbone alone that classifies, and that as Keras has it.
Each has a process of its own, and they take turns of two steps, so that
whatever else the machine does slows all alike; the second counts, which finds
its own data in the caches, as in training. All at once would not fit 24 GB: so
in two groups, one after the other, and what differs is compared by way of the
backbone, which is in both. Median seconds. `--results=FILE` keeps the figures.
"""

import json
import os
import subprocess
import sys

import numpy as np
from absl import app, flags

from benchmarks.recording import record
from benchmarks.result_files import one_run

ROUNDS = flags.DEFINE_integer("rounds", 10, "turns of each, after two steps")
BARE = "backbone"
# Backend and step of each process.
GROUPS = (
    (
        ("torch", "torch"),
        ("torch", "torch, memory kept"),
        ("torch", "torch, channels last"),
        ("tensorflow", "bpbreid"),
        ("tensorflow", BARE),
    ),
    tuple(
        ("tensorflow", name)
        for name in (BARE, "keras", "drop", "pab_reid", "hpnet, shared conv5")
    ),
)


def main(_):
    made_of = {}
    groups = [_measure(group, made_of) for group in GROUPS]
    rows = {
        name: one_run(figures, 3)
        for name, figures in summary(groups, made_of).items()
    }
    for name, row in rows.items():
        print(name, row["mean"])
    record(rows)


def _measure(group, made_of):
    """Seconds of the steps of a group, by name; adds what they are made of."""
    processes = {name: _start(backend, name) for backend, name in group}
    for process in processes.values():
        made_of.update(_answer(process))
    seconds = {name: [] for name in processes}
    for _ in range(ROUNDS.value):
        for name, process in processes.items():
            for _ in range(2):
                process.stdin.write(f"{name}\n")
                process.stdin.flush()
                answer = _answer(process)
            seconds[name].append(answer)
    for process in processes.values():
        process.stdin.close()
        process.wait()
    return seconds


def summary(groups, made_of):
    """Figures of every step.

    Args:
        groups: List of dictionaries of lists of `seconds` and `processor
            seconds` by step. The backbone is in each, PyTorch's step in the
            first.
        made_of: Dictionary of further figures of each.

    Returns:
        Dictionary by step of the medians, the quickest, the step in PyTorch
        as a multiple, and the share above the backbone of its group, in
        percent.
    """
    kinds = "seconds", "processor seconds"
    found = {}
    for group in groups:
        medians = {
            name: {
                kind: float(np.median([one[kind] for one in all_]))
                for kind in kinds
            }
            for name, all_ in group.items()
        }
        for name, each in medians.items():
            if name in found:
                continue
            found[name] = {
                **each,
                "quickest": min(one["seconds"] for one in group[name]),
                **{
                    f"{kind} of a backbone": each[kind] / medians[BARE][kind]
                    for kind in kinds
                },
            }
    for name, each in found.items():
        for kind, short in zip(kinds, ("", "processor ")):
            share = each.pop(f"{kind} of a backbone")
            each[f"{short}over the backbone"] = 100 * (share - 1)
            each[f"{short}torch / this"] = _torch(found, short) / share
        each.update(made_of[name])
    return found


def _torch(found, short):
    """PyTorch's step, in steps of the backbone; it is the first of them."""
    return 1 + found["torch"][f"{short}over the backbone"] / 100


def _start(backend, name):
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks.training_steps", name],
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

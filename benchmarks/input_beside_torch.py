"""Images a second of `TrainingBatches`, and of PyTorch's `DataLoader`.

    KERAS_BACKEND=torch python -m benchmarks.input_beside_torch

JPEG files of 256 x 128 with 14-part labels, and the same packed; decoded,
cropped, erased, with soft labels; by 1 and 2 workers, threads here, processes
there. Nobody consumes the batches. The ways take turns, the best of each
counts, from the first batch to the last. Images per second of the processor,
of all processes, are what other programs on the machine disturb least.
`--results=FILE` keeps the figures.
"""

import resource
import tempfile
import time
from pathlib import Path

import numpy as np
from absl import app, flags

from benchmarks.pipeline_images import SIZE, make_records
from benchmarks.recording import record
from benchmarks.result_files import one_run
from benchmarks.torch_pipeline import torch_loader
from keras_drop.data import IdentitySampler, ParsingLabels, TrainingBatches
from keras_drop.datasets import pack, read_table

IMAGES = flags.DEFINE_integer("images", 1_024, "on disk, four a person")
ROUNDS = flags.DEFINE_integer("rounds", 4, "turns of every way")
WORKERS = (1, 2)


def main(_):
    with tempfile.TemporaryDirectory() as folder:
        records = make_records(Path(folder), IMAGES.value)
        table = pack({"train": records}, f"{folder}/packed")
        stored = {"JPEG": records, "packed": read_table(table)["train"]}
        ways = {
            f"{name}, {kind}, {workers}": make(stored[kind], workers)
            for kind in stored
            for workers in WORKERS
            for name, make in (("ours", our_batches), ("torch", torch_batches))
        }
        rates = {name: [] for name in ways}
        for turn in range(ROUNDS.value):
            for name, batches in ways.items():
                rates[name].append(rates_of(batches))
                print(turn, name, rates[name][-1], flush=True)
    best = {name: np.max(values, axis=0) for name, values in rates.items()}
    rows = {}
    for kind in stored:
        for workers in WORKERS:
            row = f"{kind}, {workers}"
            ours, theirs = best[f"ours, {row}"], best[f"torch, {row}"]
            rows[row] = one_run(
                {
                    "images a second": ours[0],
                    "of DataLoader": theirs[0],
                    "images a processor second": ours[1],
                    "of DataLoader a processor second": theirs[1],
                    "ratio": ours[1] / theirs[1],
                }
            )
            print(row, rows[row]["mean"])
    record(rows)


def our_batches(records, workers):
    """Function that gives the batches of an epoch."""
    batches = TrainingBatches(
        records,
        SIZE,
        ParsingLabels("densepose14", "eight"),
        IdentitySampler(16, 4),
        workers=workers,
        cache_megabytes=0,
    )

    def epoch():
        for index in range(len(batches)):
            yield batches[index]
        batches.on_epoch_end()

    return epoch


def torch_batches(records, workers):
    """The same of PyTorch."""
    loader = torch_loader(records, workers)
    return lambda: iter(loader)


def rates_of(epoch):
    """Images a second, and a second of the processor, of an epoch."""
    processor, batches = _processor_seconds(), epoch()
    images, _ = next(batches)
    start, count = time.perf_counter(), 0
    for batch, _ in batches:
        count += len(batch)
    seconds = time.perf_counter() - start
    # Processes that have ended count from then on.
    processor = _processor_seconds() - processor
    return count / seconds, (count + len(images)) / processor


def _processor_seconds():
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


if __name__ == "__main__":
    app.run(main)

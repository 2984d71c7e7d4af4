"""The share of a training step that is spent waiting for its batch.

    python -m benchmarks.waiting

A global baseline with a ResNet-50 at 256 x 128, and batches of JPEG files,
cropped and erased, made ahead by two threads. The time of a step begins when
its batch is asked for. `--results=FILE` keeps the figures.
"""

import tempfile
import time
from pathlib import Path

import numpy as np
from absl import app, flags

from benchmarks.pipeline_images import SIZE, make_records
from benchmarks.recording import record
from benchmarks.result_files import one_run
from keras_drop.data import IdentitySampler, TrainingBatches

IMAGES = flags.DEFINE_integer("images", 256, "on disk, four a person")
BATCHES = flags.DEFINE_list("batch_sizes", ["16", "64"], "")
STEPS = flags.DEFINE_integer("steps", 6, "steps that are timed, after two")


def main(_):
    rows = {}
    with tempfile.TemporaryDirectory() as folder:
        records = make_records(Path(folder), IMAGES.value)
        for batch_size in map(int, BATCHES.value):
            name = f"resnet50, {batch_size}"
            rows[name] = one_run(waiting(records, batch_size), 4)
            print(name, rows[name], flush=True)
    record(rows)


def waiting(records, batch_size):
    """Seconds of a step, of the wait in it, and its share in percent."""
    import keras

    import keras_drop as kd

    batches = TrainingBatches(
        records,
        SIZE,
        sampler=IdentitySampler(batch_size // 4, 4),
        workers=2,
        cache_megabytes=0,
    )
    model = kd.models.GlobalBaseline(
        kd.models.resnet50(SIZE), batches.num_identities
    )
    model.compile(
        keras.optimizers.SGD(1e-4),
        jit_compile=kd.backend.default_jit_compile(),
    )
    waits, steps = [], []
    for number in range(2 + STEPS.value):
        start = time.perf_counter()
        images, targets = batches[number % len(batches)]
        waits.append(time.perf_counter() - start)
        model.train_on_batch(images, targets)
        steps.append(time.perf_counter() - start)
        if number % len(batches) == len(batches) - 1:
            batches.on_epoch_end()
    # The first makes the graph, and the batches after it are ready.
    waits, steps = np.array(waits[2:]), np.array(steps[2:])
    return {
        "seconds a step": np.median(steps),
        "waiting": waits.mean(),
        "share": 100 * waits.sum() / steps.sum(),
    }


if __name__ == "__main__":
    app.run(main)

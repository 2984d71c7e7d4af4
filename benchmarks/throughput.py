"""Speed and memory of DROP's training step and of embedding, per backend.

    python -m benchmarks.throughput --results=FILE

One process per backend, backbone and batch size, at 256 x 128, on whatever
Keras finds: the GPU, should there be one. Prints docs/results/speed.md's table,
and keeps its figures: the median step, images a second, and the peak memory of
the process, with the ratio to the fastest backend of the same backbone and
batch.
"""

import json
import os
import resource
import subprocess
import sys
import time

import numpy as np
from absl import app, flags

from benchmarks.recording import record
from benchmarks.result_files import one_run
from benchmarks.speed_tables import throughput_table

BACKENDS = flags.DEFINE_list("backends", ["tensorflow", "jax", "torch"], "")
BACKBONES = flags.DEFINE_list("backbones", ["resnet50", "hrnet_w32"], "")
BATCH_SIZES = flags.DEFINE_list("batch_sizes", ["16", "64"], "")
IMAGE_SIZE = flags.DEFINE_list("image_size", ["256", "128"], "height,width")
STEPS = flags.DEFINE_integer("steps", 3, "steps that are timed, after one")
LIMIT = flags.DEFINE_integer("limit", 600, "seconds a process may take")
ONE = flags.DEFINE_bool("one", False, "measure in this process; print JSON")


def main(_):
    if ONE.value:
        print(
            json.dumps(measure(BACKBONES.value[0], int(BATCH_SIZES.value[0])))
        )
        return
    rows = {}
    for backbone in BACKBONES.value:
        for batch_size in BATCH_SIZES.value:
            found = {
                backend: _measure_apart(backend, backbone, batch_size)
                for backend in BACKENDS.value
            }
            steps = [f["step"] for f in found.values() if "step" in f]
            new = {
                f"{backbone}, {batch_size}, {backend}": _row(
                    figures, int(batch_size), steps
                )
                for backend, figures in found.items()
            }
            print(new, flush=True)
            record(new)
            rows.update(new)
    print("\n".join(throughput_table(rows).lines(rows)))


def measure(backbone, batch_size):
    """Seconds a training step, embedded images a second, peak memory."""
    import keras

    import keras_drop as kd

    height, width = map(int, IMAGE_SIZE.value)
    rng = np.random.default_rng(0)
    images = rng.uniform(0, 255, (batch_size, height, width, 3))
    images = images.astype("float32")
    grid = batch_size, height // 4, width // 4
    targets = {
        "identities": np.arange(batch_size, dtype="int32") // 4,
        "parsing": rng.dirichlet(np.ones(9), grid).astype("float32"),
        "parsing_weight": np.ones(batch_size, "float32"),
    }
    model = kd.models.DROP(
        kd.models.BACKBONES[backbone]((height, width)),
        num_identities=702,
        memory=kd.models.PartMemory(start_epoch=0),
    )
    model.compile(
        kd.training.CoupledAdam(3.5e-4),
        jit_compile=kd.backend.default_jit_compile(),
    )
    times = []

    class Stopwatch(keras.callbacks.Callback):
        def on_train_batch_begin(self, batch, logs=None):
            self.start = time.perf_counter()

        def on_train_batch_end(self, batch, logs=None):
            float(logs["loss"])
            times.append(time.perf_counter() - self.start)

    class Same(keras.utils.PyDataset):
        def __len__(self):
            return 1 + STEPS.value

        def __getitem__(self, index):
            return images, targets

    model.fit(Same(), callbacks=[Stopwatch()], verbose=0)
    model.embed(images, batch_size)
    start = time.perf_counter()
    for _ in range(STEPS.value):
        model.embed(images, batch_size)
    embedding = (time.perf_counter() - start) / STEPS.value
    return {
        "step": float(np.median(times[1:])),
        "embedded": batch_size / embedding,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
    }


def _measure_apart(backend, backbone, batch_size):
    command = [
        sys.executable,
        *("-m", "benchmarks.throughput"),
        "--one",
        f"--backbones={backbone}",
        f"--batch_sizes={batch_size}",
        f"--image_size={','.join(IMAGE_SIZE.value)}",
        f"--steps={STEPS.value}",
    ]
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=LIMIT.value,
            env={**os.environ, "KERAS_BACKEND": backend},
        )
    except subprocess.TimeoutExpired:
        return {"failed": f"over {LIMIT.value} s"}
    if done.returncode == 0:
        return json.loads(done.stdout.strip().splitlines()[-1])
    if done.returncode < 0:
        return {"failed": "out of memory"}
    return {"failed": (done.stderr.strip().splitlines() or ["failed"])[-1]}


def _row(figures, batch_size, steps):
    if "failed" in figures:
        return figures
    return one_run(
        {
            "seconds a step": figures["step"],
            "ratio": figures["step"] / min(steps),
            "trained images a second": batch_size / figures["step"],
            "embedded images a second": figures["embedded"],
            "peak GB": figures["peak"],
        }
    )


if __name__ == "__main__":
    app.run(main)

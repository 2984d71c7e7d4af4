"""Seconds, ratio to the bare matrix product and memory of the ranking.

Run: `python -m benchmarks.ranking --separation 0.4`. Synthetic unit features
at the size of Occluded-Duke; the features themselves are not counted in the
memory.
"""

import time
from threading import Event, Thread

import numpy as np
from absl import app, flags

from keras_drop.descriptors import Descriptors
from keras_drop.evaluation import evaluate_retrieval
from keras_drop.evaluation.matrix_product import matrix_product
from keras_drop.records import Records

FLAGS = flags.FLAGS
flags.DEFINE_integer("queries", 2_210, "Number of queries.")
flags.DEFINE_integer("gallery", 17_661, "Number of gallery images.")
flags.DEFINE_integer("identities", 519, "Number of identities.")
flags.DEFINE_integer("dim", 512, "Values of one embedding.")
flags.DEFINE_list("parts", ["1", "9"], "Numbers of embeddings to time.")
flags.DEFINE_list(
    "separation", ["0", "0.4", "0.6"], "Distances of the identities, in noise."
)
flags.DEFINE_integer("repeats", 3, "The best of so many runs is reported.")


def main(_):
    print(
        "parts  separation  mAP     seconds  product  ratio  MB above features"
    )
    for num_parts in map(int, FLAGS.parts):
        product = min(_product_seconds(num_parts) for _ in range(FLAGS.repeats))
        for separation in map(float, FLAGS.separation):
            arguments = _synthetic(num_parts, separation)
            runs = [_measure(arguments) for _ in range(FLAGS.repeats)]
            seconds = min(run[0] for run in runs)
            print(
                f"{num_parts:5}  {separation:10}  {runs[0][2]:.4f}  "
                f"{seconds:7.2f}  {product:7.2f}  {seconds / product:5.2f}  "
                f"{max(run[1] for run in runs):.0f}"
            )


def _synthetic(num_parts, separation):
    rng = np.random.default_rng(1)
    shape = FLAGS.identities, num_parts, FLAGS.dim
    centres = separation * rng.standard_normal(shape, "float32")
    sides = []
    for count in (FLAGS.queries, FLAGS.gallery):
        identities = rng.integers(0, FLAGS.identities, count)
        noise = rng.standard_normal((count, *shape[1:]), "float32")
        visibility = rng.random((count, num_parts)) < 0.7
        visibility[:, 0] = True
        sides.append(
            (
                Descriptors(centres[identities] + noise, visibility),
                Records([""] * count, identities, rng.integers(0, 8, count)),
            )
        )
    (query, query_records), (gallery, gallery_records) = sides
    return query, gallery, query_records, gallery_records


def _product_seconds(num_parts):
    rng = np.random.default_rng(2)
    x = rng.standard_normal((FLAGS.queries, FLAGS.dim), "float32")
    y = rng.standard_normal((FLAGS.gallery, FLAGS.dim), "float32")
    start = time.perf_counter()
    for _ in range(num_parts):
        matrix_product(x, y)
    return time.perf_counter() - start


def _measure(arguments):
    before, peak, done = _resident(), [0], Event()

    def watch():
        while not done.wait(0.002):
            peak[0] = max(peak[0], _resident())

    watcher = Thread(target=watch)
    watcher.start()
    start = time.perf_counter()
    result = evaluate_retrieval(*arguments)
    seconds = time.perf_counter() - start
    done.set()
    watcher.join()
    return seconds, (peak[0] - before) / 1e6, result.metrics["mAP"]


def _resident():
    """Resident memory of this process in bytes, on Linux."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096


if __name__ == "__main__":
    app.run(main)

"""Training images a second that each way of feeding `fit` delivers.

Run: `python -m benchmarks.input_pipeline`; `KERAS_BACKEND` chooses who
consumes. All do the same work: decode a JPEG of 256x128, resize, crop, erase,
and carry a 14-part label along to soft labels. The model is next to nothing,
so that the input is what is timed. Ways in the same run are compared: each
gets `--rounds` turns, and its best counts. `--occlusions=roa,grid_mask:1` times
`TrainingBatches` with these stages against itself without. `--results=FILE`
keeps the rates, a row for each consumer.
"""

import tempfile
import time
from pathlib import Path

import grain
import keras
import numpy as np
import tensorflow as tf
from absl import app, flags

from benchmarks.native_pipeline import native_batches
from benchmarks.occluded_pipeline import occluded_ways
from benchmarks.pipeline_images import SIZE, make_records
from benchmarks.recording import record
from benchmarks.result_files import one_run
from keras_drop.data import ParsingLabels, TrainingBatches

FLAGS = flags.FLAGS
flags.DEFINE_integer("images", 1_024, "Images on disk, four a person.")
flags.DEFINE_integer("workers", 2, "Threads or processes of every way.")
flags.DEFINE_integer("rounds", 3, "Turns of every way; the best counts.")
flags.DEFINE_list("occlusions", [], "Time these stages of occlusion instead.")

LABELS = {"labels": ParsingLabels("densepose14", "eight")}


def main(_):
    with tempfile.TemporaryDirectory() as folder:
        records = make_records(Path(folder), FLAGS.images)
        if FLAGS.occlusions:
            ways = occluded_ways(
                records, FLAGS.occlusions, SIZE, workers=FLAGS.workers, **LABELS
            )
        else:
            ways = make_ways(records)
        rates = {name: [] for name in ways}
        for turn in range(FLAGS.rounds):
            for name, data in ways.items():
                rates[name].append(time_fit(data, len(records) // 64))
                print(turn, name, rates[name][-1], flush=True)
    best = {name: np.max(values, axis=0) for name, values in rates.items()}
    reference = best["TrainingBatches"]
    print(f"{keras.backend.backend()}, {FLAGS.workers} workers, 64 a batch")
    print("images/s  ratio  images/CPU-s  ratio  way")
    for name, (rate, cpu_rate) in best.items():
        print(
            f"{rate:8.0f}  {rate / reference[0]:5.2f}  {cpu_rate:12.0f}  "
            f"{cpu_rate / reference[1]:5.2f}  {name}"
        )
    row = keras.backend.backend()
    if FLAGS.occlusions:
        row += f" with {', '.join(FLAGS.occlusions)}"
    record({row: one_run({name: rates[0] for name, rates in best.items()}, 0)})


def make_ways(records):
    """For every way what `fit` takes; `epochs` long where it has an end."""
    workers = FLAGS.workers
    fresh = {**LABELS, "cache_megabytes": 0}
    batches = TrainingBatches(records, SIZE, workers=1, **fresh)
    num_batches = len(batches)
    make = Maker(records, fresh)
    thread = grain.ReadOptions(num_threads=workers, prefetch_buffer_size=4)
    process = grain.MultiprocessingOptions(num_workers=workers)
    source = grain.MapDataset.range(num_batches).repeat()
    return {
        "TrainingBatches": TrainingBatches(
            records, SIZE, workers=workers, **fresh
        ),
        "TrainingBatches, one worker": batches,
        "TrainingBatches, images cached": TrainingBatches(
            records, SIZE, workers=workers, **LABELS
        ),
        "PyDataset, threads of Keras": KerasWorkers(
            make, num_batches, workers=workers
        ),
        "PyDataset, processes of Keras": KerasWorkers(
            make, num_batches, workers=workers, use_multiprocessing=True
        ),
        "tf.data, map of numpy_function": numpy_function_batches(
            make, batches[0], num_batches, workers
        ),
        "tf.data, TensorFlow operations": native_batches(
            records, SIZE, workers
        ),
        "Grain, threads": source.map(make).to_iter_dataset(thread),
        "Grain, processes": source.map(Maker(records, fresh))
        .to_iter_dataset(
            grain.ReadOptions(num_threads=1, prefetch_buffer_size=2)
        )
        .mp_prefetch(process),
    }


class Maker:
    """One batch, without looking ahead; may be sent to another process."""

    def __init__(self, records, arguments):
        self.records, self.arguments, self.batches = records, arguments, None

    def __getstate__(self):
        return {**vars(self), "batches": None}

    def __call__(self, index):
        if self.batches is None:
            self.batches = TrainingBatches(
                self.records, SIZE, workers=1, **self.arguments
            )
        return self.batches._make(int(index) % len(self.batches))


class KerasWorkers(keras.utils.PyDataset):
    def __init__(self, make, num_batches, **workers):
        super().__init__(**workers)
        self.make, self.count = make, num_batches

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        return self.make(index)


def numpy_function_batches(make, example, num_batches, workers):
    flat = keras.tree.flatten(example)

    def load(index):
        arrays = tf.numpy_function(
            lambda i: keras.tree.flatten(make(i)),
            [index],
            [array.dtype for array in flat],
        )
        for array, like in zip(arrays, flat):
            array.set_shape(like.shape)
        return keras.tree.pack_sequence_as(example, arrays)

    indices = tf.data.Dataset.range(num_batches).repeat()
    return indices.map(load, num_parallel_calls=workers).prefetch(2)


def time_fit(data, num_batches):
    """Images a second, and a CPU second of this process, of `fit`.

    The second epoch is timed. The CPU seconds leave out other processes.
    """
    images = keras.Input((*SIZE, 3))
    pixel = keras.layers.Flatten()(images[:, :1, :1])
    model = Consumer(images, keras.layers.Dense(1)(pixel))
    model.compile("sgd", jit_compile=False)
    clock = EpochClock()
    ends = isinstance(data, keras.utils.PyDataset)
    model.fit(
        data,
        epochs=2,
        steps_per_epoch=None if ends else num_batches,
        shuffle=False,
        verbose=0,
        callbacks=[clock],
    )
    return 64 * num_batches / clock.seconds, 64 * num_batches / clock.cpu


class Consumer(keras.Model):
    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        return keras.ops.mean(y_pred)


class EpochClock(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        self.started = time.perf_counter(), time.process_time()

    def on_epoch_end(self, epoch, logs=None):
        self.seconds = time.perf_counter() - self.started[0]
        self.cpu = time.process_time() - self.started[1]


if __name__ == "__main__":
    app.run(main)

"""What batch normalisation in one operation is worth in a training step.

    KERAS_BACKEND=tensorflow python -m benchmarks.batch_normalization

BPBReID and DROP with a ResNet-50 at 256 x 128, batches of 8: the median
processor time of a step, by Keras' batch normalisations and by those of this
library, step by step in turn. `--results=FILE` keeps the figures.
"""

from absl import app, flags

from benchmarks.measuring import in_turn
from benchmarks.recording import record
from benchmarks.result_files import one_run
from benchmarks.training_steps import step_on_noise

BATCH = flags.DEFINE_integer("batch_size", 8, "images")
ROUNDS = flags.DEFINE_integer("rounds", 6, "steps of each, after two")
SIZE = (256, 128)


def main(_):
    rows = {}
    for name in ("BPBReID", "DROP"):
        rows[f"{_backend()}, {name}"] = one_run(compared(name), 3)
        print(name, rows[f"{_backend()}, {name}"], flush=True)
    record(rows)


def compared(name):
    """Processor seconds of a step by both, and their ratio."""
    steps = {"theirs": step_of(name, own=False), "ours": step_of(name)}
    medians = in_turn(steps, ROUNDS.value)
    return {**medians, "ratio": medians["theirs"] / medians["ours"]}


def step_of(name, own=True):
    """A function that takes a training step of a model."""
    import keras

    import keras_drop as kd

    model = getattr(kd.models, name)(
        kd.models.resnet50(SIZE), 8, part_schema="five"
    )
    if not own:
        for layer in model._flatten_layers():
            if type(layer) is kd.layers.BatchNormalization:
                layer.__class__ = keras.layers.BatchNormalization
    return step_on_noise(model, BATCH.value)


def _backend():
    import keras

    return keras.backend.backend()


if __name__ == "__main__":
    app.run(main)

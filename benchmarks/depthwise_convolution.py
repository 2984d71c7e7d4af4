"""What a gradient of its own is worth to the depthwise convolution.

    KERAS_BACKEND=tensorflow python -m benchmarks.depthwise_convolution

The global baseline and DROP with EfficientNet-Lite0 at 128 x 64, batches of 32,
as the comparisons on drawn pedestrians have them: the median processor time of
a step, by the operation of the backend and by the product of this library, step
by step in turn. `--results=FILE` keeps the figures.
"""

import functools

from absl import app, flags

from benchmarks.measuring import in_turn
from benchmarks.recording import record
from benchmarks.result_files import one_run
from benchmarks.training_steps import step_on_noise

ROUNDS = flags.DEFINE_integer("rounds", 15, "steps of each, after two")
SIZE, BATCH = (128, 64), 32


def main(_):
    rows = {}
    for name in ("GlobalBaseline", "DROP"):
        steps = {"theirs": step_of(name, own=False), "ours": step_of(name)}
        medians = in_turn(steps, ROUNDS.value)
        ratio = medians["theirs"] / medians["ours"]
        rows[name] = one_run({**medians, "ratio": ratio}, 3)
        print(name, rows[name], flush=True)
    record(rows)


def step_of(name, own=True):
    """A function that takes a training step, two stages frozen."""
    import keras

    import keras_drop as kd

    backbone = kd.models.efficientnet_lite0(SIZE)
    if not own:
        for layer in backbone.layers:
            if isinstance(layer, keras.layers.DepthwiseConv2D):
                layer.call = functools.partial(_theirs, layer)
    kd.models.freeze_stages(backbone, 2)
    return step_on_noise(getattr(kd.models, name)(backbone, 8), BATCH)


def _theirs(layer, inputs, training=None):
    import keras

    return keras.layers.DepthwiseConv2D.call(layer, inputs)


if __name__ == "__main__":
    app.run(main)

"""What moving all weights at once is worth in a step of an optimizer.

    KERAS_BACKEND=torch python -m benchmarks.optimizer_steps

DROP's weights with two backbones, by `CoupledAdam` and `CoupledSGD`: the
median processor time of a step weight by weight, as Keras does it, and as the
backend does it best, in turn. `--results=FILE` keeps the figures.
"""

from absl import app, flags

from benchmarks.measuring import in_turn
from benchmarks.recording import record
from benchmarks.result_files import one_run

ROUNDS = flags.DEFINE_integer("rounds", 12, "steps of each, after two")
BACKBONES = ("resnet50", "hrnet_w32")


def main(_):
    rows = {}
    for backbone in BACKBONES:
        for name in ("CoupledAdam", "CoupledSGD"):
            row = f"{_backend()}, {name}, {backbone}"
            rows[row] = one_run(compared(name, backbone), 4)
            print(row, rows[row], flush=True)
    record(rows)


def compared(name, backbone):
    """Processor seconds of a step both ways, their ratio, and the weights."""
    import keras_drop as kd

    model = kd.models.DROP(getattr(kd.models, backbone)((128, 64)), 100)
    weights = model.trainable_variables
    steps = {
        "weight by weight": step_of(name, weights, by_weight=True),
        "at once": step_of(name, weights, by_weight=False),
    }
    medians = in_turn(steps, ROUNDS.value)
    return {
        "weights": len(weights),
        **medians,
        "ratio": medians["weight by weight"] / medians["at once"],
    }


def step_of(name, weights, by_weight):
    """A function that takes a step of an optimizer of the weights."""
    from keras import ops

    import keras_drop as kd

    kind = getattr(kd.training, name)
    if by_weight:
        # Keras' own update of all weights, which calls `update_step` of each.
        kind = type(
            name,
            (kind,),
            {"_backend_update_step": super(kind, kind)._backend_update_step},
        )
    optimizer = kind(1e-4)
    optimizer.build(weights)
    gradients = [ops.full(weight.shape, 1e-4) for weight in weights]

    def step():
        optimizer.apply(gradients, weights)

    if _backend() == "tensorflow":
        import tensorflow as tf

        return tf.function(step)
    return step


def _backend():
    import keras

    return keras.backend.backend()


if __name__ == "__main__":
    app.run(main)

"""What bfloat16 is worth where the CPU computes with it, and what it costs.

    KERAS_BACKEND=tensorflow python -m benchmarks.bfloat16

BPBReID with a ResNet-50 at 256 x 128, batches of 16: a training step and the
embedding of a batch, in float32 and under `mixed_bfloat16`, in turn.
`--results=FILE` keeps the figures.
"""

import time

import numpy as np
from absl import app, flags

from benchmarks.recording import record
from benchmarks.result_files import one_run
from benchmarks.training_steps import BATCH, IDENTITIES, SIZE, batch

ROUNDS = flags.DEFINE_integer("rounds", 8, "turns of both, after two")
POLICIES = ("float32", "mixed_bfloat16")


def main(_):
    models = {policy: model_of(policy) for policy in POLICIES}
    rows = {
        policy: one_run(figures, 3) for policy, figures in timed(models).items()
    }
    print(rows)
    record(rows)


def model_of(policy):
    """BPBReID, compiled, under a policy."""
    import keras

    import keras_drop as kd

    keras.config.set_dtype_policy(policy)
    keras.utils.set_random_seed(0)
    model = kd.models.BPBReID(kd.models.resnet50(SIZE), IDENTITIES)
    keras.config.set_dtype_policy("float32")
    model.compile(
        kd.training.CoupledAdam(3.5e-6),
        jit_compile=kd.backend.default_jit_compile(),
    )
    return model


def timed(models):
    """Median seconds, and the ratio to float32.

    Args:
        models: Dictionary of compiled models by policy.
    """
    images, targets = batch()
    spent = {policy: {"step": [], "embedding": []} for policy in models}
    for round_ in range(2 + ROUNDS.value):
        for policy, model in models.items():
            for kind, work in (
                ("step", lambda m: m.train_on_batch(images, targets)),
                ("embedding", lambda m: m.embed(images, BATCH)),
            ):
                start = time.perf_counter()
                work(model)
                if round_ > 1:  # The first ones make the graph.
                    spent[policy][kind].append(time.perf_counter() - start)
    medians = {
        policy: {kind: np.median(times) for kind, times in kinds.items()}
        for policy, kinds in spent.items()
    }
    return {
        policy: {
            "seconds a step": each["step"],
            "gain of a step": medians["float32"]["step"] / each["step"],
            "images embedded a second": BATCH / each["embedding"],
            "gain of embedding": medians["float32"]["embedding"]
            / each["embedding"],
        }
        for policy, each in medians.items()
    }


if __name__ == "__main__":
    app.run(main)

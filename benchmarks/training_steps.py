"""Training steps that are taken one at a time, when they are asked for.

    KERAS_BACKEND=tensorflow python -m benchmarks.training_steps bpbreid drop

Builds the steps, says on a line what each is made of, and then, for the name of
a step on a line of its input, takes it and says its seconds. So several
processes can take turns: `benchmarks.step_beside_torch`.
"""

import ctypes
import json
import sys
import time

import numpy as np

SIZE = (256, 128)
BATCH, IDENTITIES, PARTS = 16, 702, 8
LEARNING_RATE, DECAY, THREADS = 3.5e-4, 5e-4, 2
# Of glibc: M_MMAP_MAX, M_TRIM_THRESHOLD and M_ARENA_MAX.
_KEEP_MEMORY = {-4: 0, -1: 2**31 - 1, -8: 1}


def main(names):
    steps, made_of = {}, {}
    for name in names:
        steps[name], made_of[name] = BUILDERS[name]()
        for _ in range(2):  # The first ones make the graph, and find memory.
            steps[name]()
    _say(made_of)
    for line in sys.stdin:
        start, processor = time.perf_counter(), time.process_time()
        steps[line.strip()]()
        _say(
            {
                "seconds": time.perf_counter() - start,
                "processor seconds": time.process_time() - processor,
            }
        )


def batch(parts=PARTS):
    """Images and targets, as arrays: four of each person."""
    rng = np.random.default_rng(0)
    images = rng.integers(0, 255, (BATCH, *SIZE, 3)).astype("float32")
    grid = BATCH, SIZE[0] // 4, SIZE[1] // 4
    return images, {
        "identities": np.arange(BATCH, dtype="int32") // 4,
        "parsing": rng.dirichlet(np.ones(1 + parts), grid).astype("float32"),
        "parsing_weight": np.ones(BATCH, "float32"),
    }


def step_on_noise(model, number):
    """A function that takes a step of a model on noise, four of each person.

    Args:
        model: A new model with or without parts; it is compiled.
        number: Images.
    """
    import keras_drop as kd

    model.compile(
        kd.training.CoupledAdam(1e-4),
        jit_compile=kd.backend.default_jit_compile(),
    )
    rng = np.random.default_rng(0)
    images = rng.integers(0, 255, (number, *model.input_shape[1:]))
    images = images.astype("float32")
    targets = {"identities": np.arange(number) // 4}
    if "part_maps" in model.output:
        *grid, classes = model.output["part_maps"].shape[1:]
        parsing = rng.dirichlet(np.ones(classes), (number, *grid))
        targets["parsing"] = parsing.astype("float32")
        targets["parsing_weight"] = np.ones(number, "float32")
    return lambda: model.train_on_batch(images, targets)


def torch_bpbreid(memory_format="contiguous_format", keep_memory=False):
    """The stand-in's step, and what it is made of.

    Args:
        memory_format: Of `torch`.
        keep_memory: Whether freed memory stays with the process, so that the
            system need not clear its pages again in each step.
    """
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    from benchmarks.torch_bpbreid import TorchBPBReID, loss_terms, total_loss
    from benchmarks.torch_resnet import RESNET50

    if keep_memory:
        for option, value in _KEEP_MEMORY.items():
            ctypes.CDLL("libc.so.6").mallopt(option, value)
    torch.set_num_threads(THREADS)
    memory_format = getattr(torch, memory_format)
    model = TorchBPBReID(IDENTITIES, PARTS, **RESNET50)
    model = model.to(memory_format=memory_format)
    optimizer = torch.optim.Adam(
        model.parameters(), LEARNING_RATE, weight_decay=DECAY
    )
    images, targets = batch()
    images = torch.from_numpy(images).permute(0, 3, 1, 2)
    images = images.contiguous(memory_format=memory_format)
    people = torch.from_numpy(targets["identities"]).long()
    parsing = torch.from_numpy(targets["parsing"]).permute(0, 3, 1, 2)

    def step():
        optimizer.zero_grad()
        total_loss(loss_terms(model(images), people, parsing)).backward()
        optimizer.step()

    with FlopCounterMode(display=False) as counter, torch.no_grad():
        model(images)
    count = sum(weight.numel() for weight in model.parameters())
    return step, _made_of(count, counter.get_total_flops())


def reid_model(name, **settings):
    """The step of a model of this library, and what it is made of."""
    import keras_drop as kd

    model = kd.models.MODELS[name](
        kd.models.resnet50(SIZE), IDENTITIES, **settings
    )
    model.compile(
        kd.training.CoupledAdam(LEARNING_RATE, DECAY),
        jit_compile=kd.backend.default_jit_compile(),
    )
    parts = kd.part_schemas.part_schema(model.part_schema).num_parts
    return _keras_step(model, *batch(parts))


def classifier(own):
    """The step of a backbone that classifies, by Keras alone or by ours.

    It takes pixel values and normalises them, as the models do.
    """
    import keras

    import keras_drop as kd
    from keras_drop.layers.batch_normalization import own_batch_normalizations
    from keras_drop.models.base.normalised_images import normalised_images

    backbone = kd.models.resnet50(SIZE)
    pixels = keras.Input((*SIZE, 3))
    stages = keras.Model(backbone.inputs, backbone.pyramid_outputs["P5"])
    vector = keras.layers.GlobalAveragePooling2D()(
        stages(normalised_images(pixels))
    )
    model = keras.Model(pixels, keras.layers.Dense(IDENTITIES)(vector))
    if own:
        own_batch_normalizations(model)
    model.compile(
        kd.training.CoupledAdam(LEARNING_RATE, DECAY)
        if own
        else keras.optimizers.Adam(LEARNING_RATE),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        jit_compile=kd.backend.default_jit_compile(),
    )
    images, targets = batch()
    return _keras_step(model, images, targets["identities"])


BUILDERS = {
    "torch": torch_bpbreid,
    "torch, memory kept": lambda: torch_bpbreid(keep_memory=True),
    "torch, channels last": lambda: torch_bpbreid("channels_last"),
    "keras": lambda: classifier(own=False),
    "backbone": lambda: classifier(own=True),
    **{
        name: lambda name=name: reid_model(name)
        for name in ("bpbreid", "drop", "pab_reid", "hpnet")
    },
    "hpnet, shared conv5": lambda: reid_model("hpnet", share_last_stage=True),
}


def _keras_step(model, images, targets):
    count = sum(int(np.prod(w.shape)) for w in model.trainable_weights)
    return (
        lambda: model.train_on_batch(images, targets),
        _made_of(count, _operations(model)),
    )


def _operations(model):
    """Floating-point operations of a batch forward, as TensorFlow counts."""
    import tensorflow as tf

    forward = tf.function(model).get_concrete_function(
        tf.TensorSpec((BATCH, *SIZE, 3))
    )
    profiler = tf.compat.v1.profiler
    options = profiler.ProfileOptionBuilder.float_operation()
    options["output"] = "none"
    return profiler.profile(forward.graph, options=options).total_float_ops


def _made_of(parameters, operations):
    return {
        "million parameters": parameters / 1e6,
        "GFLOP forward": operations / 1e9,
    }


def _say(what):
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])

"""Small models and batches, shared by the tests of the models."""

import keras
import keras_hub
import numpy as np

from keras_drop.models import (
    DROP,
    BPBReID,
    Focuser,
    GlobalBaseline,
    PABReID,
    PartMemory,
)
from keras_drop.models.backbones import HRNetBackbone

IMAGE_SIZE = (64, 32)
NUM_IDENTITIES = 3
MODELS = {cls.__name__: cls for cls in (GlobalBaseline, BPBReID, DROP, PABReID)}


@keras.saving.register_keras_serializable("keras_drop_tests")
class Pyramid(keras_hub.models.FeaturePyramidBackbone):
    """Four convolutions: 8, 12, 16 and 20 channels at strides 4, 8, 16, 16."""

    def __init__(self, image_shape=(*IMAGE_SIZE, 3), **kwargs):
        images = x = keras.Input(image_shape)
        pyramid = {}
        for k, (channels, stride) in enumerate(
            [(8, 4), (12, 2), (16, 2), (20, 1)], start=2
        ):
            x = keras.layers.Conv2D(channels, stride, stride, name=f"conv{k}")(
                x
            )
            if k == 2:
                x = keras.layers.BatchNormalization(name="norm2")(x)
            x = pyramid[f"P{k}"] = keras.layers.ReLU(name=f"relu{k}")(x)
        super().__init__(images, x, **kwargs)
        self.image_shape = image_shape
        self.pyramid_outputs = pyramid


def resnet(image_size=IMAGE_SIZE, last_stride=1):
    """A ResNet of one block a stage; 64, 12, 16 and 20 channels."""
    return keras_hub.models.ResNetBackbone(
        input_conv_filters=[64],
        input_conv_kernel_sizes=[7],
        stackwise_num_filters=[64, 12, 16, 20],
        stackwise_num_blocks=[1, 1, 1, 1],
        stackwise_num_strides=[1, 2, 2, last_stride],
        block_type="basic_block",
        image_shape=(*image_size, 3),
    )


def hrnet(image_size=IMAGE_SIZE):
    """An HRNet of one block a branch; 8, 12, 16 and 20 channels."""
    return HRNetBackbone(
        bottleneck_planes=4,
        num_bottlenecks=1,
        branch_widths=(2, 3, 4, 5),
        num_modules=(1, 1, 1),
        num_blocks=1,
        widening_planes=(2, 3, 4, 5),
        image_shape=(*image_size, 3),
    )


def model_of(cls, backbone=None, **switches):
    """A model of three people and, if it has parts, of three parts."""
    if cls is not GlobalBaseline:
        switches = {"part_schema": "three_v", **switches}
    if cls is DROP:
        memory = PartMemory(size=10, start_epoch=3)
        switches = {"memory": memory, **switches}
    if cls is PABReID:
        switches = {"focuser": Focuser(channels=8), **switches}
    return cls(backbone or Pyramid(), NUM_IDENTITIES, **switches)


def images(count, image_size=IMAGE_SIZE, seed=0):
    """Noise, one image unlike the other."""
    rng = np.random.default_rng(seed)
    brightness = rng.uniform(60, 255, (count, 1, 1, 3))
    noise = rng.uniform(0, 1, (count, *image_size, 3))
    return (brightness * noise).astype("float32")


def batch(images_each=2, num_parts=3, image_size=IMAGE_SIZE, seed=0):
    """`(x, y)` of every person in turn; one image has no parsing label."""
    count = NUM_IDENTITIES * images_each
    rng = np.random.default_rng(seed + 1)
    height, width = (size // 4 for size in image_size)
    parsing = np.exp(rng.normal(0, 4, (count, height, width, 1 + num_parts)))
    parsing /= parsing.sum(axis=-1, keepdims=True)
    weight = np.ones(count, "float32")
    weight[1] = 0
    people = np.repeat(np.arange(NUM_IDENTITIES), images_each)
    return images(count, image_size, seed), {
        "identities": people.astype("int32"),
        "parsing": parsing.astype("float32"),
        "parsing_weight": weight,
    }


def randomise(model, seed=0):
    """Weights unlike those at the start, for comparisons that see them."""
    rng = np.random.default_rng(seed)
    for variable in model.variables:
        shape, name = variable.shape, variable.path.rsplit("/")[-1]
        if name in ("gamma", "moving_variance"):
            variable.assign(rng.uniform(0.5, 1.5, shape))
        elif name in ("beta", "moving_mean", "bias", "table", "strength"):
            variable.assign(rng.normal(0, 0.3, shape))
        elif name == "kernel":
            deviation = 1.5 / np.sqrt(np.prod(shape[:-1]))
            variable.assign(rng.normal(0, deviation, shape))
    return model


def arrays(structure):
    """The same structure of NumPy arrays."""
    return keras.tree.map_structure(keras.ops.convert_to_numpy, structure)


def weights(model):
    """All variables by their path."""
    return {w.path: keras.ops.convert_to_numpy(w) for w in model.variables}


def trained(layer):
    """How many numbers of a layer are trained."""
    return sum(int(np.prod(v.shape)) for v in layer.trainable_variables)


def assert_descriptor_shapes(model, grid, num_parts):
    """All outputs of BPBReID, DROP and PAB-ReID for 702 people, by name."""
    shapes = {name: tuple(x.shape[1:]) for name, x in model.output.items()}
    assert shapes == {
        "embeddings": (1 + num_parts, 512),
        "visibility": (1 + num_parts,),
        "part_maps": (*grid, 1 + num_parts),
        "part_logits": (*grid, 1 + num_parts),
        "global": (512,),
        "foreground": (512,),
        "parts": (num_parts, 512),
        "global_logits": (702,),
        "foreground_logits": (702,),
        "parts_logits": (702,),
    }


def copy_weights(source, target):
    """Gives the target all weights that the source has under their path."""
    values = weights(source)
    for variable in target.variables:
        if variable.path in values:
            variable.assign(values[variable.path])


# TensorFlow takes longer to trace a model than to run it once.
EAGERLY = keras.backend.backend() == "tensorflow"


def compile_model(model, jit=None, eagerly=False):
    """With Adam, which moves every weight that has a gradient, however small.

    Compiled by XLA on JAX, which is slow without.
    """
    if jit is None:
        jit = keras.backend.backend() == "jax"
    model.compile(
        keras.optimizers.Adam(1e-3), jit_compile=jit, run_eagerly=eagerly
    )
    return model


def loss_gradients(model, x, y, terms):
    """Gradient of some terms of the training loss, by path of the weight."""
    trainable = model.trainable_variables

    def loss_of(outputs):
        losses = model.loss_terms(y, outputs, training=True)
        return sum(keras.ops.mean(losses[name]) for name in terms)

    if keras.backend.backend() == "jax":
        import jax

        others = [v.value for v in model.non_trainable_variables]

        def loss(values):
            outputs, after = model.stateless_call(
                values, others, x, training=True
            )
            state = [
                *zip(trainable, values),
                *zip(model.non_trainable_variables, after),
            ]
            with keras.StatelessScope(state_mapping=state):
                return loss_of(outputs)

        gradients = jax.jit(jax.grad(loss))([v.value for v in trainable])
    elif keras.backend.backend() == "torch":
        model.zero_grad()
        loss_of(model(x, training=True)).backward()
        gradients = [v.value.grad for v in trainable]
    else:
        import tensorflow as tf

        with tf.GradientTape() as tape:
            loss = loss_of(model(x, training=True))
        gradients = tape.gradient(loss, [v.value for v in trainable])
    return {
        v.path: np.zeros(v.shape)
        if gradient is None
        else keras.ops.convert_to_numpy(gradient)
        for v, gradient in zip(trainable, gradients)
    }


def stages_of(model, x):
    """The four maps that a model reads, as arrays."""
    normalised = model.get_layer("normalised")(x)
    return arrays(model.get_layer("pyramid")(normalised))


def random_outputs(num_parts=3, grid=(16, 8), seed=0):
    """Outputs that a model with parts could have for the batch, as arrays."""
    rng = np.random.default_rng(seed)
    count = 2 * NUM_IDENTITIES
    seen = rng.uniform(size=(count, 1 + num_parts))
    return {
        "parts": rng.normal(size=(count, num_parts, 512)).astype("float32"),
        "foreground": rng.normal(size=(count, 512)).astype("float32"),
        **{
            f"{name}_logits": rng.normal(size=(count, NUM_IDENTITIES)).astype(
                "float32"
            )
            for name in ("global", "foreground", "parts")
        },
        "part_logits": rng.normal(size=(count, *grid, 1 + num_parts)).astype(
            "float32"
        ),
        "visibility": np.where(seen > 0.4, seen, 0).astype("float32"),
    }

"""Models whose outputs say something although nobody trained them."""

import keras
import keras_hub
import numpy as np


def shallow_backbone(image_size, filters):
    """ResNet of one block a stage, which is quick to trace."""
    return keras_hub.models.ResNetBackbone(
        input_conv_filters=[filters[0]],
        input_conv_kernel_sizes=[7],
        stackwise_num_filters=filters,
        stackwise_num_blocks=[1, 1, 1, 1],
        stackwise_num_strides=[1, 2, 2, 1],
        block_type="basic_block",
        image_shape=(*image_size, 3),
    )


def randomised(model):
    """Draws all float weights, so that each of them shows in the outputs."""
    rng = np.random.default_rng(3)
    for weight in model.weights:
        name, shape = weight.path.rpartition("/")[2], tuple(weight.shape)
        if "float" not in weight.dtype:
            continue
        if name in ("gamma", "moving_variance"):
            values = rng.uniform(0.5, 1.5, shape)
        elif name == "kernel":
            values = rng.normal(size=shape) / np.sqrt(np.prod(shape[:-1]))
        else:
            values = rng.normal(size=shape, scale=0.1)
        weight.assign(values.astype("float32"))
    return model


def colours(seed, *sizes):
    """One uint8 image of coarse random colours for each size."""
    rng = np.random.default_rng(seed)
    return [
        keras.utils.img_to_array(
            keras.utils.array_to_img(
                rng.integers(0, 256, (6, 3, 3)).astype("uint8"), scale=False
            ).resize((width, height), 3)
        ).astype("uint8")
        for height, width in sizes
    ]

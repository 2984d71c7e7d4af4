"""Presets of KerasHub, which are downloaded by name."""

from pathlib import Path

import keras_hub
import numpy as np

from keras_drop.models.backbones.checkpoints.keras_hub_vit import (
    load_keras_hub_vit,
)

# What we call them: the backbone, and what KerasHub calls them.
KERAS_HUB_WEIGHTS = {
    "resnet18_imagenet": ("resnet18", "resnet_18_imagenet"),
    "resnet50_imagenet": ("resnet50", "resnet_50_imagenet"),
    "vit_b16_imagenet": ("vit_b16", "vit_base_patch16_224_imagenet"),
    "vit_b16_imagenet21k": ("vit_b16", "vit_base_patch16_224_imagenet21k"),
}
# The class of KerasHub that a preset has to be of.
_CLASSES = {
    "resnet18": keras_hub.models.ResNetBackbone,
    "resnet50": keras_hub.models.ResNetBackbone,
    "vit_b16": keras_hub.models.ViTBackbone,
    "vit_small": keras_hub.models.ViTBackbone,
}
# As our models normalise pixel values for these backbones, from 0 to 1.
_IMAGENET = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
_HALF = (0.5,) * 3, (0.5,) * 3


def is_preset(weights):
    """Whether weights are a preset of KerasHub by the look of them.

    Those are its own names of ResNets and ViTs, such as `resnet_50_imagenet`,
    addresses such as `hf://…` and `kaggle://…`, and folders of a preset.
    """
    weights = str(weights)
    return (
        "://" in weights
        or any(weights in known.presets for known in _CLASSES.values())
        or Path(weights, "config.json").is_file()
    )


def check_preset(preset, backbone):
    """Refuses a preset for a backbone that KerasHub has none for.

    Raises:
        ValueError: It has none.
    """
    if backbone not in _CLASSES:
        raise ValueError(
            f"`weights` is {preset}, a preset of KerasHub, which has none for "
            f"{backbone}; it has for {', '.join(_CLASSES)}."
        )


def load_keras_hub_weights(backbone, preset):
    """Gives a backbone the weights of a preset of KerasHub.

    Args:
        backbone: ResNet or ViT of this library.
        preset: Name of the preset, `hf://…`, `kaggle://…` or a folder.

    Raises:
        ValueError: A preset of another network, or one whose images are
            normalised in another way than our models do.
    """
    if isinstance(backbone, keras_hub.models.ResNetBackbone):
        _refuse_other_images(preset, *_IMAGENET)
        source = keras_hub.models.ResNetBackbone.from_preset(
            preset,
            stackwise_num_strides=backbone.stackwise_num_strides,
            image_shape=backbone.image_shape,
        )
        _refuse_other_shapes(preset, source, backbone)
        backbone.set_weights(source.get_weights())
    else:
        _refuse_other_images(preset, *_HALF)
        source = keras_hub.models.ViTBackbone.from_preset(preset)
        load_keras_hub_vit(backbone, source)


def _refuse_other_shapes(preset, source, backbone):
    found, expected = (
        [tuple(weight.shape) for weight in network.weights]
        for network in (source, backbone)
    )
    if found != expected:
        raise ValueError(
            f"The preset {preset} is of another network than the backbone "
            f"{backbone.name}: it has {len(found)} weights, the backbone "
            f"{len(expected)}, or they have other shapes."
        )


def _refuse_other_images(preset, mean, deviation):
    """The preset's `ImageConverter` has to say what our models do."""
    converter = keras_hub.layers.ImageConverter.from_preset(preset)
    scale, offset = (
        np.broadcast_to(np.asarray(value, "float64").ravel(), 3)
        for value in (converter.scale, converter.offset)
    )
    expected = 1 / (255 * np.array(deviation)), -np.divide(mean, deviation)
    for found, wanted in zip((scale, offset), expected, strict=True):
        if not np.allclose(found, wanted, rtol=1e-2):
            raise ValueError(
                f"The preset {preset} was trained on images of scale "
                f"{scale.tolist()} and offset {offset.tolist()}; our models "
                f"normalise to {expected[0].tolist()} and "
                f"{expected[1].tolist()}. Its weights would see other images "
                "than they know."
            )

"""Presets of KerasHub, which are downloaded by name."""

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
# As our models normalise pixel values for these backbones, from 0 to 1.
_IMAGENET = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
_HALF = (0.5,) * 3, (0.5,) * 3


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

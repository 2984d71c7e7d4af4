"""Presets of KerasHub, which are downloaded by name."""

import json
from pathlib import Path

import keras
import keras_hub
import numpy as np

from keras_drop.models.backbones.checkpoints.keras_hub_vit import (
    load_keras_hub_vit,
)
from keras_drop.models.backbones.named_backbones import (
    BACKBONES,
    class_of_backbone,
    known_class,
)
from keras_drop.models.backbones.vit_backbone import ViTBackbone

# What we call them: the backbone, and what KerasHub calls them.
KERAS_HUB_WEIGHTS = {
    "resnet18_imagenet": ("resnet18", "resnet_18_imagenet"),
    "resnet50_imagenet": ("resnet50", "resnet_50_imagenet"),
    "vit_b16_imagenet": ("vit_b16", "vit_base_patch16_224_imagenet"),
    "vit_b16_imagenet21k": ("vit_b16", "vit_base_patch16_224_imagenet21k"),
}
# The class of KerasHub that a preset for a class of ours has to be of.
_CLASSES = {
    keras_hub.models.ResNetBackbone: keras_hub.models.ResNetBackbone,
    ViTBackbone: keras_hub.models.ViTBackbone,
}
# As our models normalise pixel values for these backbones, from 0 to 1.
_IMAGENET = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
_HALF = (0.5,) * 3, (0.5,) * 3
# Files in the folder of a preset.
_CONFIG, _CONVERTER = "config.json", "image_converter.json"


def is_preset(weights):
    """Whether weights are a preset of KerasHub by the look of them.

    Those are its own names of ResNets and ViTs, such as `resnet_50_imagenet`,
    addresses such as `hf://…` and `kaggle://…`, and folders of a preset.
    """
    weights = str(weights)
    return (
        "://" in weights
        or any(weights in known.presets for known in _CLASSES.values())
        or Path(weights, _CONFIG).is_file()
    )


def check_preset(preset, name, backbone_class):
    """Refuses a preset that cannot be for a backbone, before it is loaded.

    Args:
        preset: Name of the preset, `hf://…`, `kaggle://…` or a folder.
        name: Of the backbone.
        backbone_class: Its class.

    Raises:
        ValueError: KerasHub has none for this backbone; or the preset is of
            another network, or does not say how its images are normalised,
            where that is known without the network.
    """
    if backbone_class not in _CLASSES:
        names = [n for n in BACKBONES if class_of_backbone(n) in _CLASSES]
        raise ValueError(
            f"`weights` is {preset}, a preset of KerasHub, which has none for "
            f"{name}; it has for {', '.join(sorted(names))}."
        )
    wanted = _CLASSES[backbone_class]
    for other in set(_CLASSES.values()) - {wanted}:
        if str(preset) in other.presets:
            _refuse_class(preset, other, name, wanted)
    if Path(preset, _CONFIG).is_file():
        _check_folder(Path(preset), name, wanted)


def _check_folder(folder, name, wanted):
    try:
        config = dict(json.loads((folder / _CONFIG).read_text()))
    except (ValueError, TypeError) as error:
        raise ValueError(
            f"{folder / _CONFIG} is not that of a preset of KerasHub: "
            f"{error!r}. Get the folder again."
        ) from error
    found = config.get("registered_name")
    if found is None:
        return  # Of timm or Hugging Face; KerasHub reads those as well.
    if found != keras.saving.get_registered_name(wanted):
        _refuse_class(folder, found, name, wanted)
    if not (folder / _CONVERTER).is_file():
        raise ValueError(_without_images(folder, f"no {_CONVERTER}"))


def _refuse_class(preset, found, name, wanted):
    found = getattr(found, "__name__", found)
    raise ValueError(
        f"The preset {preset} is of another network than the backbone {name}: "
        f"it is of the class {found}, not {wanted.__name__} of KerasHub. "
        "Choose the backbone that it is of, or another preset."
    )


def _without_images(preset, what):
    return (
        f"The preset {preset} has {what}, so it does not say how the images of "
        "its network are normalised. Give one with an `ImageConverter`; a "
        "network that this library trained is read from its model.keras."
    )


def load_keras_hub_weights(backbone, preset):
    """Gives a backbone the weights of a preset of KerasHub.

    Args:
        backbone: ResNet or ViT of this library.
        preset: Name of the preset, `hf://…`, `kaggle://…` or a folder.

    Raises:
        ValueError: A preset of another network, or one whose images are
            normalised in another way than our models do, or that does not say
            how.
    """
    check_preset(preset, backbone.name, known_class(backbone))
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
    if converter.scale is None or converter.offset is None:
        what = "an `ImageConverter` without `scale` or `offset`"
        raise ValueError(_without_images(preset, what))
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

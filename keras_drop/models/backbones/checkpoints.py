"""Weights that others trained, or another run of this library."""

import itertools
import re
from pathlib import Path

import keras
import keras_hub
import numpy as np

from keras_drop.models.backbones.hrnet_backbone import HRNetBackbone
from keras_drop.models.backbones.public_weight import PublicWeight
from keras_drop.models.backbones.vit_backbone import ViTBackbone
from keras_drop.models.backbones.vit_weights import google_weights, timm_weights

_RESNET_LAYER = re.compile(r"stack(\d)_block(\d+)_(\d)_(conv|bn)")
_UNUSED = {  # the classifiers on top of the feature maps
    HRNetBackbone: ("downsamp_modules.", "final_layer.", "classifier."),
    ViTBackbone: ("head.", "pre_logits.", "head/", "pre_logits/"),
    keras_hub.models.ResNetBackbone: ("fc.",),
}


def load_checkpoint(backbone, path):
    """Gives a backbone the weights of a checkpoint.

    Reads ResNets with the names of torchvision, HRNets with those of the
    image classification release (`HRNet-W32-C` and its sisters), and ViTs
    with those of timm, or in `.npz` files with those of Google's release.
    The classifier in the file is left out. Names may start with `module.`,
    and the weights may be wrapped in a `"state_dict"` or `"model"`. Every
    name and shape is checked before the first weight changes.

    A ViT's position embeddings are resized to the backbone's grid of patches;
    those of the file belong to a square image, or else to that grid. Camera
    embeddings stay as they are.

    A `.keras` file is a model of this library, or its backbone: a backbone
    that is built alike gets the weights that were trained there.

    `.safetensors`, `.npz` and `.keras` files are read without PyTorch; all
    others are read by `torch.load(weights_only=True)`. None runs code from the
    file.

    Args:
        backbone: `HRNetBackbone`, `ViTBackbone` or
            `keras_hub.models.ResNetBackbone`.
        path: The file.

    Raises:
        FileNotFoundError: There is no such file.
        ImportError: The package that reads the file is not installed.
        ValueError: The file cannot be read, or a name is missing, unknown or
            has another shape; the first such name is in the message.

    Example:
    >>> from keras_drop.models import hrnet_w32, load_checkpoint
    >>> backbone = hrnet_w32((256, 128))  # doctest: +SKIP
    >>> load_checkpoint(backbone, "hrnet_w32.pth")  # doctest: +SKIP
    """
    path = Path(path)
    if path.suffix == ".keras":
        _load_trained(backbone, path)
        return
    unused = _unused(backbone)
    weights = _public_weights(backbone, path)
    arrays = _read(path)
    _check_names(weights, arrays, unused, path)
    for name, weight in weights.items():
        weight.assign(arrays[name])


def _load_trained(backbone, path):
    _check_is_file(path)
    try:
        model = keras.saving.load_model(path, compile=False)
    except Exception as error:
        raise ValueError(
            f"{path} is no model that Keras can read: {error}"
        ) from error
    trained = getattr(model, "backbone", model).weights
    own = backbone.weights
    for found, expected in itertools.zip_longest(trained, own):
        if _described(found) != _described(expected):
            raise ValueError(
                f"{path} does not fit this backbone. First difference: the "
                f"backbone has {_described(expected)}, the file "
                f"{_described(found)}. Build the backbone as the one in the "
                "file, for images of the same size."
            )
    for found, expected in zip(trained, own, strict=True):
        expected.assign(found)


def _described(weight):
    if weight is None:
        return "no further weight"
    return f"{weight.path} {tuple(weight.shape)}"


def _public_weights(backbone, path):
    """Maps the names in a checkpoint to the weights, from input to output."""
    if isinstance(backbone, ViTBackbone):
        google = path.suffix == ".npz"
        return (google_weights if google else timm_weights)(backbone)
    variables = {}
    for layer in backbone.layers:
        if isinstance(layer, keras.layers.Conv2D):
            variables[f"{_public_name(backbone, layer)}.weight"] = layer.kernel
        elif isinstance(layer, keras.layers.BatchNormalization):
            name = _public_name(backbone, layer)
            variables[f"{name}.weight"] = layer.gamma
            variables[f"{name}.bias"] = layer.beta
            variables[f"{name}.running_mean"] = layer.moving_mean
            variables[f"{name}.running_var"] = layer.moving_variance
    return {
        name: PublicWeight.of_torch(variable)
        for name, variable in variables.items()
    }


def _public_name(backbone, layer):
    if isinstance(backbone, HRNetBackbone):
        return layer.name.replace("-", ".")
    stem = {"conv1_conv": "conv1", "conv1_bn": "bn1"}
    if layer.name in stem and len(backbone.input_conv_filters) == 1:
        return stem[layer.name]
    match = _RESNET_LAYER.fullmatch(layer.name)
    if match is None or backbone.block_type.endswith("_vd"):
        raise ValueError(
            "Only plain ResNets have public names, without `_vd` blocks and "
            f"pre-activation; this one has the layer {layer.name!r}. Use "
            "`keras_hub.models.ResNetBackbone.from_preset` instead."
        )
    stack, block, index, kind = match.groups()
    path = f"layer{int(stack) + 1}.{block}"
    if index == "0":
        return f"{path}.downsample.{('conv', 'bn').index(kind)}"
    return f"{path}.{kind}{index}"


def _unused(backbone):
    for backbone_class, prefixes in _UNUSED.items():
        if isinstance(backbone, backbone_class):
            return prefixes
    raise ValueError(
        "Checkpoints are known for HRNetBackbone, ViTBackbone and "
        f"ResNetBackbone, received {type(backbone).__name__}."
    )


def _read(path):
    """Names and arrays of a file."""
    _check_is_file(path)
    load = {".safetensors": _load_safetensors, ".npz": _load_npz}.get(
        path.suffix, _load_torch
    )
    try:
        arrays = load(path)
    except ImportError as error:
        raise ImportError(
            f"The package that reads {path} is missing. Install "
            "`keras_drop[convert]`."
        ) from error
    except Exception as error:
        raise ValueError(
            f"{path} is no dictionary of weights: it is cut off, or of another "
            "kind, or holds more than weights. Get the file again."
        ) from error
    return {
        name.removeprefix("module.").removeprefix("opt/target/"): x
        for name, x in arrays.items()
    }


def _check_is_file(path):
    if not path.is_file():
        raise FileNotFoundError(f"There is no checkpoint {path}.")


def _load_torch(path):
    import torch

    contents = torch.load(path, map_location="cpu", weights_only=True)
    contents = contents.get("state_dict", contents.get("model", contents))
    return {name: x.float().numpy() for name, x in contents.items()}


def _load_safetensors(path):
    from safetensors.numpy import load_file

    return load_file(path)


def _load_npz(path):
    with np.load(path, allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


def _check_names(weights, arrays, unused, path):
    if "incre_modules.0.0.conv1.weight" in weights and not any(
        name.startswith("incre_modules.") for name in arrays
    ):
        raise ValueError(
            f"{path} has no incre_modules.0.0.conv1.weight, nor any other of "
            "the widening blocks `incre_modules`: it was trained for another "
            "task. Use the image classification release of this HRNet."
        )
    for name, weight in weights.items():
        found = arrays[name].shape if name in arrays else "nothing"
        expected = weight.expected(found)
        if found != expected:
            raise ValueError(
                f"{path} does not fit this backbone. First difference: {name} "
                f"should be {expected}, the file has {found}. Choose the "
                "backbone the file was made for."
            )
    for name in arrays:
        if name not in weights and not name.startswith(unused):
            if name.endswith(".num_batches_tracked"):
                continue
            raise ValueError(
                f"{path} does not fit this backbone. First difference: the "
                f"file has {name} {arrays[name].shape}, the backbone has no "
                "such weight. Choose the backbone the file was made for."
            )

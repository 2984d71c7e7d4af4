"""Weights that others trained, or another run of this library."""

import itertools
from pathlib import Path

import keras
import numpy as np

from keras_drop.models.backbones.checkpoints.checkpoint_files import (
    check_is_file,
    read_arrays,
)
from keras_drop.models.backbones.named_backbones import checkpoint_format

_VARIANCES = ("running_var", "moving_variance")


def load_checkpoint(backbone, path):
    """Gives a backbone the weights of a checkpoint.

    Reads ResNets with the names of torchvision, HRNets with those of the
    image classification release (`HRNet-W32-C` and its sisters),
    EfficientNet-Lites with those of their PyTorch files, ViTs with those of
    timm, or in `.npz` files with those of Google's release, and DINOv2 with
    those of its release, of timm or of Hugging Face.
    The classifier in the file is left out. Names may start with `module.`,
    and the weights may be wrapped in a `"state_dict"` or `"model"`. Every
    name and shape is checked before the first weight changes.

    A ViT's position embeddings are resized to the backbone's grid of patches;
    those of the file belong to a square image, or else to that grid. Camera
    embeddings stay as they are.

    A `.keras` file is a model of this library, or its backbone: a backbone
    that is built alike gets the weights that were trained there.

    `.safetensors`, `.npz`, `.onnx` and `.keras` files are read without
    PyTorch, and so are those that it wrote before its release 1.6; all others
    are read by `torch.load(weights_only=True)`. None runs code from the file.

    Args:
        backbone: `HRNetBackbone`, `EfficientNetLiteBackbone`, `ViTBackbone`,
            `DINOv2Backbone` or `keras_hub.models.ResNetBackbone`.
        path: The file.

    Raises:
        FileNotFoundError: There is no such file.
        ImportError: The package that reads the file is not installed.
        ValueError: The file cannot be read; a name is missing, unknown or has
            another shape; or a weight is not finite, or a variance negative.
            The first such name is in the message.

    Example:
    >>> from keras_drop.models import hrnet_w32, load_checkpoint
    >>> backbone = hrnet_w32((256, 128))  # doctest: +SKIP
    >>> load_checkpoint(backbone, "hrnet_w32.pth")  # doctest: +SKIP
    """
    path = Path(path)
    if path.suffix == ".keras":
        _load_trained(backbone, path)
        return
    checkpoints = checkpoint_format(backbone)
    weights = checkpoints.weights(backbone, path)
    arrays = checkpoints.prepare(read_arrays(path))
    checkpoints.refuse(arrays, path)
    _check_names(weights, arrays, checkpoints.unused, path)
    _check_values({name: arrays[name] for name in weights}, path)
    for name, weight in weights.items():
        weight.assign(arrays[name])


def _load_trained(backbone, path):
    check_is_file(path)
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
    arrays = {w.path: keras.ops.convert_to_numpy(w.value) for w in trained}
    _check_values(arrays, path)
    for found, expected in zip(trained, own, strict=True):
        expected.assign(found)


def _check_values(arrays, path):
    for name, array in arrays.items():
        if not np.isfinite(array).all():
            wrong = "values that are no numbers, or infinite"
        elif name.endswith(_VARIANCES) and (np.asarray(array) < 0).any():
            wrong = "negative variances"
        else:
            continue
        raise ValueError(
            f"{path} has {wrong} in {name}: a training that failed, or a file "
            "that was damaged. Take another one."
        )


def _described(weight):
    if weight is None:
        return "no further weight"
    return f"{weight.path} {tuple(weight.shape)}"


def _check_names(weights, arrays, unused, path):
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

"""The backbones that are known by a name."""

from keras_drop.checks import checked_choice

KINDS = ("pyramid", "tokens")
BACKBONES = {}
"""The functions that build a backbone, by their name."""

_KINDS = {}
_CLASSES = {}
_FORMATS = {}


def named_backbone(kind, checkpoints):
    """Decorator of a function that builds a backbone: makes it known.

    A backbone is a file in `keras_drop/models/backbones`, and nothing else has
    to know of it: the function is in `BACKBONES` and `keras_drop.models` under
    its name, runs take that name, and `load_checkpoint` reads its public
    checkpoints. A backbone of your own is known once its file is imported.

    Args:
        kind: `"pyramid"`, a backbone with the maps `P2` to `P5`, or
            `"tokens"`, a ViT.
        checkpoints: `CheckpointFormat` of the class of backbones that the
            function builds. Its first argument is the `(height, width)` of
            images; the others have defaults.

    Returns:
        Decorator, which gives back the function.

    Raises:
        ValueError: An unknown kind, or a name that is taken.

    Example:
    >>> import keras_hub
    >>> from keras_drop.models import BACKBONES, resnet18
    >>> from keras_drop.models.backbones import (
    ...     CheckpointFormat, named_backbone)
    >>> nothing_public = CheckpointFormat(
    ...     keras_hub.models.ResNetBackbone, lambda backbone, path: {}, ())
    >>> @named_backbone("pyramid", nothing_public)  # doctest: +SKIP
    ... def my_resnet(image_size):
    ...     return resnet18(image_size)
    >>> BACKBONES["my_resnet"]((64, 32)).name  # doctest: +SKIP
    'resnet18'
    """
    checked_choice("kind", kind, KINDS)

    def make_known(build):
        name = build.__name__
        if name in BACKBONES:
            raise ValueError(
                f"There is a backbone {name!r} already, in "
                f"{BACKBONES[name].__module__}. Choose another name."
            )
        BACKBONES[name] = build
        _KINDS[name] = kind
        _CLASSES[name] = checkpoints.backbone_class
        _FORMATS[checkpoints.backbone_class] = checkpoints
        return build

    return make_known


def backbones_of_kind(kind):
    """Names of the backbones that give a `"pyramid"`, or `"tokens"`.

    Example:
    >>> from keras_drop.models.backbones import backbones_of_kind
    >>> backbones_of_kind("tokens")
    ('dinov2_vit_small14', 'vit_b16', 'vit_small')
    """
    checked_choice("kind", kind, KINDS)
    return tuple(name for name in sorted(_KINDS) if _KINDS[name] == kind)


def class_of_backbone(name):
    """The class of what a named backbone builds, `None` if there is none."""
    return _CLASSES.get(name)


def known_class(backbone):
    """The class of a backbone, or the nearest above, that has checkpoints.

    `None` if there is none.
    """
    classes = type(backbone).__mro__
    return next((known for known in classes if known in _FORMATS), None)


def checkpoint_format(backbone):
    """The `CheckpointFormat` of a backbone.

    Raises:
        ValueError: There is none for its class; the message lists those that
            there are.
    """
    backbone_class = known_class(backbone)
    if backbone_class is not None:
        return _FORMATS[backbone_class]
    known = sorted(backbone_class.__name__ for backbone_class in _FORMATS)
    raise ValueError(
        f"Checkpoints are known for {', '.join(known)}, received "
        f"{type(backbone).__name__}."
    )

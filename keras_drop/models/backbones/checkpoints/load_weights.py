import os
from pathlib import Path

from keras_drop.models.backbones.checkpoints.file_headers import (
    check_weights_file,
)
from keras_drop.models.backbones.checkpoints.keras_hub_weights import (
    KERAS_HUB_WEIGHTS,
    check_preset,
    is_preset,
    load_keras_hub_weights,
)
from keras_drop.models.backbones.checkpoints.load_checkpoint import (
    load_checkpoint,
)
from keras_drop.models.backbones.checkpoints.packaged_weights import (
    PACKAGED_WEIGHTS,
)
from keras_drop.models.backbones.named_backbones import (
    BACKBONES,
    class_of_backbone,
    known_class,
)


def load_weights(backbone, weights):
    """Gives a backbone weights: of a file, or of those that have a name.

    Args:
        backbone: A backbone of `BACKBONES`.
        weights: Path of a file that `load_checkpoint` reads; one of
            `weight_names`, which an installed package carries or KerasHub
            downloads; or, for a ResNet or a ViT, another preset of KerasHub:
            its name, `hf://…`, `kaggle://…` or a folder.

    Returns:
        One line that says what was loaded, and from where.

    Raises:
        FileNotFoundError: Neither a name nor a file, or the package that
            carries the weights is not installed.
        OSError: A preset that cannot be downloaded.
        ValueError: Weights of another backbone, a preset whose images are
            normalised in another way or that does not say how, or what is
            neither a file of weights nor a preset.

    Example:
    >>> from keras_drop.models import efficientnet_lite0, load_weights
    >>> backbone = efficientnet_lite0((128, 64))
    >>> said = load_weights(
    ...     backbone, "efficientnet_lite0_imagenet"
    ... )  # doctest: +SKIP
    """
    _check(weights, backbone.name, known_class(backbone))
    if weights in PACKAGED_WEIGHTS:
        packaged = PACKAGED_WEIGHTS[weights]
        load_checkpoint(backbone, packaged.path())
        return (
            f"{backbone.name} starts from {weights}: {packaged.origin} "
            f"({packaged.licence}), of the package {packaged.distribution}."
        )
    if weights in KERAS_HUB_WEIGHTS or is_preset(weights):
        _, preset = KERAS_HUB_WEIGHTS.get(weights, (None, str(weights)))
        try:
            load_keras_hub_weights(backbone, preset)
        except OSError as error:
            raise OSError(
                f"The preset {preset} cannot be had: {error}. Without a "
                "network give a file, or the folder of a preset."
            ) from error
        return f"{backbone.name} starts from KerasHub's preset {preset}."
    load_checkpoint(backbone, weights)
    return f"{backbone.name} starts from {weights}."


def weight_names(backbone=None):
    """Names of weights that `load_weights` knows.

    Args:
        backbone: Name of a backbone; left out, those of all.

    Example:
    >>> from keras_drop.models import weight_names
    >>> weight_names("efficientnet_lite0")
    ('efficientnet_lite0_imagenet',)
    """
    of = _backbones_of_names()
    return tuple(n for n in sorted(of) if backbone in (None, of[n]))


def _backbones_of_names():
    return {
        **{name: w.backbone for name, w in PACKAGED_WEIGHTS.items()},
        **{name: known for name, (known, _) in KERAS_HUB_WEIGHTS.items()},
    }


def check_weights(weights, backbone):
    """Refuses weights that there are not, before anything is loaded.

    Args:
        weights: As of `load_weights`.
        backbone: Name of the backbone that they are for.

    Raises:
        FileNotFoundError: As of `load_weights`.
        ValueError: As of `load_weights`.
    """
    _check(weights, backbone, class_of_backbone(backbone))


def _check(weights, name, backbone_class):
    """`check_weights` of a backbone of any name, by its class."""
    if not isinstance(weights, str | os.PathLike) or not str(weights):
        raise ValueError(
            f"`weights` is {weights!r}. Give a file, the name or the folder of "
            "a preset, or leave it out."
        )
    if weights in (known := _backbones_of_names()):
        _refuse_other_backbone(weights, known[weights], name, backbone_class)
        if weights in PACKAGED_WEIGHTS:
            PACKAGED_WEIGHTS[weights].path()
    elif is_preset(weights):
        check_preset(weights, name, backbone_class)
    elif not Path(weights).exists():
        raise FileNotFoundError(
            f"`weights` is {weights}, which is neither a file that is there, "
            "nor a preset of KerasHub, nor one of the names "
            f"{', '.join(weight_names())}."
        )
    else:
        check_weights_file(Path(weights))


def _refuse_other_backbone(weights, known, name, backbone_class):
    """A name of our own says what is meant; of another the class does."""
    if name == known:
        return
    if name not in BACKBONES and backbone_class is class_of_backbone(known):
        return
    others = ", ".join(map(repr, weight_names(name)))
    raise ValueError(
        f"`weights` is {weights!r}, of the backbone {known}; this backbone is "
        f"{name}. Give `--backbone={known}`, or weights of {name}: "
        f"{others + ' or ' if others else ''}a file."
    )

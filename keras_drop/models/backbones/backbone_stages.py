import itertools

import keras

from keras_drop.checks import is_whole
from keras_drop.layers import CameraEmbedding

STAGES = ("P2", "P3", "P4", "P5")


def freeze_stages(backbone, num_stages):
    """Keeps the first stages of a backbone as they are: they do not learn.

    Their batch normalisations keep their statistics too, and normalise by
    them in training as in inference. What lies before the first stage, the
    stem or the embedding of patches, is part of it. A ResNet or EfficientNet
    has four stages, which end in its maps `P2` to `P5`; HRNet those of its
    paper, its widening blocks being part of the fourth; a ViT as many as
    blocks.

    All other layers learn: 0 stages thaw what was frozen. The embedding of
    cameras is of no stage, for no public file has it: it always learns. Call
    it before `compile`; in the middle of `fit`,
    `keras_drop.training.ThawStages` thaws.

    Args:
        backbone: A backbone of `BACKBONES`.
        num_stages: How many, a whole number.

    Raises:
        ValueError: More stages than the backbone has, or fewer than 0; no
            whole number; or what is no backbone, such as its model.

    Example:
    >>> from keras_drop.models import freeze_stages, resnet18
    >>> backbone = resnet18((64, 32))
    >>> len(backbone.trainable_weights)
    60
    >>> freeze_stages(backbone, 2)
    >>> len(backbone.trainable_weights)
    30
    """
    stages = backbone_stages(backbone)
    if not is_whole(num_stages):
        raise ValueError(
            f"`num_stages` is {num_stages!r}; it is a whole number. Choose 0 "
            f"to {len(stages)}."
        )
    if not 0 <= num_stages <= len(stages):
        raise ValueError(
            f"{backbone.name} has {len(stages)} stages, of which "
            f"{num_stages} cannot be frozen. Choose 0 to {len(stages)}."
        )
    for number, stage in enumerate(stages):
        for layer in stage:
            layer.trainable = number >= num_stages
    for layer in backbone.layers:
        if isinstance(layer, CameraEmbedding):
            layer.trainable = True


def frozen_stages(backbone):
    """How many of its first stages do not learn."""
    frozen = (
        not any(layer.trainable for layer in stage)
        for stage in backbone_stages(backbone)
    )
    return len(list(itertools.takewhile(bool, frozen)))


def backbone_stages(backbone):
    """The layers of each stage of a backbone, as `freeze_stages` counts them.

    Args:
        backbone: A backbone of `BACKBONES`.

    Returns:
        List of lists of layers, the first stage first. The embedding of
        cameras is in none of them.

    Raises:
        ValueError: What is no backbone, such as its model.
    """
    ends_of_stages = _ends(backbone)
    cameras = (x for x in backbone.layers if isinstance(x, CameraEmbedding))
    stages, known = [], {layer.name for layer in cameras}
    for ends in ends_of_stages:
        below = keras.Model(backbone.inputs, ends).layers
        stages.append([layer for layer in below if layer.name not in known])
        known |= {layer.name for layer in below}
    # A normalisation after the last block, the widening blocks of HRNet.
    stages[-1] += [x for x in backbone.layers if x.name not in known]
    return stages


def _ends(backbone):
    """What each stage gives, tensors of the backbone's graph."""
    if hasattr(backbone, "stage_ends"):
        return backbone.stage_ends
    if hasattr(backbone, "pyramid_outputs"):
        return [backbone.pyramid_outputs[name] for name in STAGES]
    if not hasattr(backbone, "feature_outputs"):
        own = hasattr(backbone, "backbone")
        raise ValueError(
            f"A {type(backbone).__name__} has no stages; a backbone of "
            f"`BACKBONES` has. Give {'`model.backbone`' if own else 'one'}."
        )
    blocks = range(1, backbone.num_layers + 1)
    return [backbone.feature_outputs[f"block_{block}"] for block in blocks]

"""Networks from normalised images to feature maps at several strides."""

from keras_drop.models.backbones.checkpoints import load_checkpoint
from keras_drop.models.backbones.hrnet_backbone import HRNetBackbone
from keras_drop.models.backbones.presets import (
    BACKBONES,
    hrnet_w18_small,
    hrnet_w32,
    resnet18,
    resnet50,
)

__all__ = [
    "BACKBONES",
    "HRNetBackbone",
    "hrnet_w18_small",
    "hrnet_w32",
    "load_checkpoint",
    "resnet18",
    "resnet50",
]

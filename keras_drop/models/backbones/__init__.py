"""Networks from normalised images to feature maps, or to tokens."""

from keras_drop.models.backbones.checkpoints import load_checkpoint
from keras_drop.models.backbones.hrnet_backbone import HRNetBackbone
from keras_drop.models.backbones.keras_hub_vit import load_keras_hub_vit
from keras_drop.models.backbones.presets import (
    BACKBONES,
    hrnet_w18_small,
    hrnet_w32,
    resnet18,
    resnet50,
)
from keras_drop.models.backbones.vit_backbone import ViTBackbone
from keras_drop.models.backbones.vit_presets import vit_b16, vit_small

__all__ = [
    "BACKBONES",
    "HRNetBackbone",
    "ViTBackbone",
    "hrnet_w18_small",
    "hrnet_w32",
    "load_checkpoint",
    "load_keras_hub_vit",
    "resnet18",
    "resnet50",
    "vit_b16",
    "vit_small",
]

"""Networks from normalised images to feature maps, or to tokens.

What a file here declares by the decorator `named_backbone` is known everywhere.
"""

import importlib
import pkgutil

from keras_drop.models.backbones.backbone_stages import (
    backbone_stages,
    freeze_stages,
)
from keras_drop.models.backbones.checkpoints.checkpoint_format import (
    CheckpointFormat,
)
from keras_drop.models.backbones.checkpoints.keras_hub_vit import (
    load_keras_hub_vit,
)
from keras_drop.models.backbones.checkpoints.load_checkpoint import (
    load_checkpoint,
)
from keras_drop.models.backbones.checkpoints.load_weights import (
    check_weights,
    load_weights,
    weight_names,
)
from keras_drop.models.backbones.checkpoints.packaged_weights import (
    PACKAGED_WEIGHTS,
    PackagedWeights,
)
from keras_drop.models.backbones.checkpoints.public_weight import PublicWeight
from keras_drop.models.backbones.efficientnet_lite_backbone import (
    EfficientNetLiteBackbone,
)
from keras_drop.models.backbones.hrnet_backbone import HRNetBackbone
from keras_drop.models.backbones.named_backbones import (
    BACKBONES,
    backbones_of_kind,
    named_backbone,
)
from keras_drop.models.backbones.vit_backbone import ViTBackbone

for _file in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_file.name}")

__all__ = [
    "BACKBONES",
    "PACKAGED_WEIGHTS",
    "CheckpointFormat",
    "EfficientNetLiteBackbone",
    "HRNetBackbone",
    "PackagedWeights",
    "PublicWeight",
    "ViTBackbone",
    "backbone_stages",
    "backbones_of_kind",
    "check_weights",
    "freeze_stages",
    "load_checkpoint",
    "load_keras_hub_vit",
    "load_weights",
    "named_backbone",
    "weight_names",
]

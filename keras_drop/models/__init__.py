"""The models, one folder a paper, and the backbones they stand on."""

from typing import TYPE_CHECKING

from keras_drop.models.backbones import (
    BACKBONES,
    freeze_stages,
    load_checkpoint,
    load_keras_hub_vit,
    load_weights,
    weight_names,
)
from keras_drop.models.base.reid_task import ReIDTask
from keras_drop.models.base.switches import parse_switches, switch_names
from keras_drop.models.base.visibility_rule import VisibilityRule
from keras_drop.models.baselines.global_baseline import GlobalBaseline
from keras_drop.models.baselines.transreid_baseline import TransReIDBaseline
from keras_drop.models.bpbreid.bpbreid import BPBReID
from keras_drop.models.dpeformer.dpeformer import DPEFormer
from keras_drop.models.dpeformer.patch_selection import PatchSelection
from keras_drop.models.dpeformer.person_memory import PersonMemory
from keras_drop.models.drop.drop import DROP
from keras_drop.models.drop.parsing_map import ParsingMap
from keras_drop.models.drop.part_memory import PartMemory
from keras_drop.models.drop.reid_map import ReIDMap
from keras_drop.models.hpnet.hard_masks import HardMasks
from keras_drop.models.hpnet.hpnet import HPNet
from keras_drop.models.pab_reid.focuser import Focuser
from keras_drop.models.pab_reid.pab_reid import PABReID
from keras_drop.models.segmentation.part_segmenter import part_segmenter

if TYPE_CHECKING:  # An editor cannot see what the backbones' files declare.
    from keras_drop.models.backbones.dinov2 import (
        dinov2_vit_small14 as dinov2_vit_small14,
    )
    from keras_drop.models.backbones.efficientnet_lite import (
        efficientnet_lite0 as efficientnet_lite0,
    )
    from keras_drop.models.backbones.hrnet import (
        hrnet_w18_small as hrnet_w18_small,
    )
    from keras_drop.models.backbones.hrnet import hrnet_w32 as hrnet_w32
    from keras_drop.models.backbones.resnet import resnet18 as resnet18
    from keras_drop.models.backbones.resnet import resnet50 as resnet50
    from keras_drop.models.backbones.vit import vit_b16 as vit_b16
    from keras_drop.models.backbones.vit import vit_small as vit_small

MODELS = {
    "global_baseline": GlobalBaseline,
    "bpbreid": BPBReID,
    "drop": DROP,
    "pab_reid": PABReID,
    "hpnet": HPNet,
    "dpeformer": DPEFormer,
    "transreid_baseline": TransReIDBaseline,
}
"""The models by the name that they have on the command line."""

globals().update(BACKBONES)

__all__ = [
    "BACKBONES",
    "DROP",
    "MODELS",
    "BPBReID",
    "DPEFormer",
    "Focuser",
    "GlobalBaseline",
    "HPNet",
    "HardMasks",
    "PABReID",
    "ParsingMap",
    "PartMemory",
    "PatchSelection",
    "PersonMemory",
    "ReIDMap",
    "ReIDTask",
    "TransReIDBaseline",
    "VisibilityRule",
    "freeze_stages",
    "load_checkpoint",
    "load_keras_hub_vit",
    "load_weights",
    "parse_switches",
    "part_segmenter",
    "switch_names",
    "weight_names",
    *BACKBONES,
]

"""The models, one paper a file, and the backbones they stand on."""

from keras_drop.models.backbones import (
    BACKBONES,
    hrnet_w18_small,
    hrnet_w32,
    load_keras_hub_vit,
    resnet18,
    resnet50,
    vit_b16,
    vit_small,
)
from keras_drop.models.backbones.checkpoints import load_checkpoint
from keras_drop.models.baselines.global_baseline import GlobalBaseline
from keras_drop.models.baselines.transreid_baseline import TransReIDBaseline
from keras_drop.models.bpbreid.bpbreid import BPBReID
from keras_drop.models.dpeformer.dpeformer import DPEFORMER_RELEASE, DPEFormer
from keras_drop.models.drop.drop import DROP
from keras_drop.models.hpnet.hpnet import HPNET_RELEASE, HPNet
from keras_drop.models.pab_reid.pab_reid import PABReID
from keras_drop.models.segmentation.part_segmenter import part_segmenter

__all__ = [
    "BACKBONES",
    "DPEFORMER_RELEASE",
    "DROP",
    "HPNET_RELEASE",
    "BPBReID",
    "DPEFormer",
    "GlobalBaseline",
    "HPNet",
    "PABReID",
    "TransReIDBaseline",
    "hrnet_w18_small",
    "hrnet_w32",
    "load_checkpoint",
    "load_keras_hub_vit",
    "part_segmenter",
    "resnet18",
    "resnet50",
    "vit_b16",
    "vit_small",
]

r"""DPEFormer on Occluded-Duke.

Paper: [Zhang et al., 2024](https://arxiv.org/abs/2402.10435). It needs no
parsing labels. On a copy of the data set and with ImageNet weights of ViT-B/16
(those of timm's `vit_base_patch16_224.augreg_in21k_ft_in1k`, as a PyTorch
checkpoint):

    keras-drop train --recipe=dpeformer_occluded_duke \
        --data=occluded_duke:Occluded_Duke --weights=vit_base_patch16_224.pth

Its settings are the same on all data sets: `--data=market1501:…`,
`--data=dukemtmc:…`, and Market-1501 with `--test_data=occluded_reid:…`, which
has no training images.

With `--backbone.patch_stride=12` its patches overlap. `--release
--identities_per_batch=2` is what the authors' code does, where a descriptor
depends on the other images of its batch. Afterwards
`benchmarks/kept_patches.py` tells how many of the kept patches lie on the
person.

Result: not run yet, it needs the data set and a GPU. On drawn pedestrians:
`dpeformer_demo.py`.
"""

from pathlib import Path

from keras_drop.recipes import start
from keras_drop.training import (
    BackboneSettings,
    BatchSettings,
    DPEFormerRun,
    FitSettings,
    OptimizerSettings,
)

RUN = DPEFormerRun(
    backbone=BackboneSettings("vit_b16"),
    batches=BatchSettings(
        transforms=("slight_colour_jitter", "bicubic", "flip", "crop")
    ),
    optimizer=OptimizerSettings(
        "sgd",
        learning_rate=0.008,
        schedule="cosine",
        warmup_epochs=5,
        l2=1e-4,
        multipliers=("(bias|beta)$:2",),
    ),
    fit=FitSettings(epochs=120, seed=1234),
    run_dir=Path("runs/dpeformer"),
)

if __name__ == "__main__":
    start(__file__)

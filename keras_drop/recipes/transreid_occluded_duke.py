r"""TransReID's baseline, the class token of a ViT, on Occluded-Duke.

Paper: [He et al., 2021](https://arxiv.org/abs/2102.04378). Settings are those
of DPEFormer, which it is compared with; it has no second stream, and
`--occlusions=roa:0.5` hides every other of its images:

    keras-drop train --recipe=transreid_occluded_duke \
        --data=occluded_duke:Occluded_Duke --weights=vit_base_patch16_224.pth

With `--backbone.patch_stride=12` its patches overlap, and `--camera_embedding`
tells it which camera took an image, in training and at test.

Result: not run yet, it needs the data set and a GPU. On drawn pedestrians:
`transreid_demo.py`.
"""

from pathlib import Path

from keras_drop.recipes import dpeformer_occluded_duke, start
from keras_drop.training import Run

_DPEFORMER = dpeformer_occluded_duke.RUN
RUN = Run(
    "transreid_baseline",
    backbone=_DPEFORMER.backbone,
    batches=_DPEFORMER.batches,
    optimizer=_DPEFORMER.optimizer,
    fit=_DPEFORMER.fit,
    run_dir=Path("runs/transreid"),
)

if __name__ == "__main__":
    start(__file__)

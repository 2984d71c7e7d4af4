"""TransReID's baseline on drawn pedestrians, from DINOv2's small ViT.

    keras-drop train --recipe=transreid_dinov2_demo

All is as in `dpeformer_dinov2_demo.py`, but for the model.

Result: docs/results/dpeformer.md, beside DPEFormer's.
"""

from pathlib import Path

from keras_drop.recipes import dpeformer_dinov2_demo, start
from keras_drop.training import Run

_DPEFORMER = dpeformer_dinov2_demo.RUN
RUN = Run(
    "transreid_baseline",
    backbone=_DPEFORMER.backbone,
    data=_DPEFORMER.data,
    batches=_DPEFORMER.batches,
    optimizer=_DPEFORMER.optimizer,
    fit=_DPEFORMER.fit,
    run_dir=Path("runs/transreid_dinov2_demo"),
)

if __name__ == "__main__":
    start(__file__)

"""TransReID's baseline on drawn pedestrians: a small ViT, two CPU cores.

    keras-drop train --recipe=transreid_demo

All is as in `dpeformer_demo.py`, but for the model.

Result: none of this recipe; from a common start it is the ViT baseline of
docs/results/from_scratch.md, beside DPEFormer.
"""

from pathlib import Path

from keras_drop.recipes import dpeformer_demo, start
from keras_drop.training import Run

_DPEFORMER = dpeformer_demo.RUN
RUN = Run(
    "transreid_baseline",
    backbone=_DPEFORMER.backbone,
    data=_DPEFORMER.data,
    batches=_DPEFORMER.batches,
    optimizer=_DPEFORMER.optimizer,
    fit=_DPEFORMER.fit,
    run_dir=Path("runs/transreid_demo"),
)

if __name__ == "__main__":
    start(__file__)

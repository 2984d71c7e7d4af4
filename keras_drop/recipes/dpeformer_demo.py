"""DPEFormer on drawn pedestrians: a small ViT from scratch, two CPU cores.

    keras-drop train --recipe=dpeformer_demo

Result: mAP 15.7, one seed. A ViT from scratch stays far below the ResNet of
`demo_from_scratch.py`; docs/results has what it gives from other weights.
"""

from pathlib import Path

from keras_drop.recipes import start
from keras_drop.training import (
    BackboneSettings,
    BatchSettings,
    DataSettings,
    DPEFormerRun,
    FitSettings,
    OptimizerSettings,
)

RUN = DPEFormerRun(
    backbone=BackboneSettings(
        "vit_small", {"patch_size": 8, "patch_stride": 8}
    ),
    data=DataSettings(
        "embedded_pedestrians:runs/embedded_pedestrians", render="small"
    ),
    batches=BatchSettings(
        (128, 64),
        transforms=("slight_colour_jitter", "bicubic", "flip", "crop"),
        identities_per_batch=8,
    ),
    optimizer=OptimizerSettings(
        learning_rate=1e-3, schedule="cosine", warmup_epochs=3, l2=0.0
    ),
    fit=FitSettings(epochs=20, evaluate_every=5, seed=1234),
    run_dir=Path("runs/dpeformer_demo"),
)

if __name__ == "__main__":
    start(__file__)

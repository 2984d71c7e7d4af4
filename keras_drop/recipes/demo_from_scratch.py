"""The demo without ImageNet weights: DROP from scratch on drawn pedestrians.

    keras-drop train --recipe=demo_from_scratch

What `make demo` does where the package of the weights cannot be installed. Why
these values: docs/decisions/0003-short-runs.md

Result, three seeds: mAP 56.1 ± 3.5. `--model=bpbreid` has 53.6 ± 0.4,
`--model=global_baseline` 51.6 ± 0.7. Crops shifted by 10 pixels then, by 5
since.
"""

import dataclasses
from pathlib import Path

from keras_drop.recipes import drop_demo, start
from keras_drop.training import BackboneSettings

RUN = dataclasses.replace(
    drop_demo.RUN,
    switches={
        "memory.kind": "queue",
        "memory.start_epoch": 1,
        "term_losses.part_compactness.unit_length": False,
    },
    backbone=BackboneSettings("resnet18"),
    run_dir=Path("runs/demo_from_scratch"),
)

if __name__ == "__main__":
    start(__file__)

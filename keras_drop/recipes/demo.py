"""The demo: DROP on drawn pedestrians, minutes on two CPU cores.

    keras-drop train --recipe=demo

All is as in `drop_demo.py`, but for 8 epochs instead of 20, somebody else
pasted over every second image, a parsing weight of 8 instead of 4, since so few
epochs are short for masks, and the visibility: a part is seen where it is the
likeliest class by 0.07, which knows more of the hidden parts than 0
(docs/decisions/0006-a-real-start.md).

Result, three seeds: mAP 75.6 ± 1.0.
"""

import dataclasses
from pathlib import Path

from keras_drop.recipes import drop_demo, start

_RUN = drop_demo.RUN
RUN = dataclasses.replace(
    _RUN,
    switches={
        "loss_weights.parsing": 8,
        "visibility.rule": "margin",
        "visibility.threshold": 0.07,
    },
    batches=dataclasses.replace(_RUN.batches, occlusions=("person:0.5",)),
    optimizer=dataclasses.replace(_RUN.optimizer, milestones=(6,)),
    fit=dataclasses.replace(_RUN.fit, epochs=8, evaluate_every=8),
    run_dir=Path("runs/demo"),
)

if __name__ == "__main__":
    start(__file__)

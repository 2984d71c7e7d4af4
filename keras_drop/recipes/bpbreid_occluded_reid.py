r"""BPBReID for Occluded-REID, which has no training images.

Paper: [Somers et al., 2023](https://arxiv.org/abs/2211.03679). It learns from
Market-1501 and is evaluated on the other, as is convention:

    keras-drop train --recipe=bpbreid_occluded_reid \
        --data=market1501:Market-1501-v15.09.15 --parsing_dir=market_masks \
        --test_data=occluded_reid:Occluded_REID

Partial-REID and Partial-iLIDS have no training images either: `--test_data` is
`partial_reid_cropped:Partial_REID`, as BPBReID queries it, or
`partial_ilids_18:Partial_iLIDS`; several are separated by commas.

Eight parts, flips and colour jitter besides crop and erasing, and a triplet
loss on the foreground, as BPBReID's configuration for it, which weighs parsing
0.7 instead of 0.35; all else is as on Occluded-Duke.

Result: not run yet, it needs the data sets and a GPU. The paper is quoted with
a mAP of 75.2; others measured 70.4 with its weights.
"""

import dataclasses
from pathlib import Path

from keras_drop.recipes import bpbreid_market1501, start

RUN = dataclasses.replace(
    bpbreid_market1501.RUN,
    switches={
        **bpbreid_market1501.RUN.switches,
        "loss_weights.parsing": 0.7,
    },
    data=dataclasses.replace(bpbreid_market1501.RUN.data, part_schema="eight"),
    batches=dataclasses.replace(
        bpbreid_market1501.RUN.batches,
        transforms=("flip", "crop", "colour_jitter", "erase"),
    ),
    run_dir=Path("runs/bpbreid_occluded_reid"),
)

if __name__ == "__main__":
    start(__file__)

r"""DROP for Occluded-REID, which has no training images.

Paper: [Dou et al., 2024](https://arxiv.org/abs/2401.18032). It learns from
Market-1501 and is evaluated on the other, as is convention:

    keras-drop train --recipe=drop_occluded_reid \
        --data=market1501:Market-1501-v15.09.15 --parsing_dir=market_masks \
        --test_data=occluded_reid:Occluded_REID

Partial-REID and Partial-iLIDS have no training images either: `--test_data` is
`partial_reid_cropped:Partial_REID`, as BPBReID queries it, or
`partial_ilids_18:Partial_iLIDS`; several are separated by commas.

Eight parts, flips and colour jitter besides crop and erasing, and a triplet
loss on the foreground, as BPBReID's configuration for it; all else is as on
Occluded-Duke.

Result: not run yet, it needs the data sets and a GPU. No figure
of the paper is known for it.
"""

import dataclasses
from pathlib import Path

from keras_drop.recipes import drop_market1501, start

RUN = dataclasses.replace(
    drop_market1501.RUN,
    data=dataclasses.replace(drop_market1501.RUN.data, part_schema="eight"),
    batches=dataclasses.replace(
        drop_market1501.RUN.batches,
        transforms=("flip", "crop", "colour_jitter", "erase"),
    ),
    run_dir=Path("runs/drop_occluded_reid"),
)

if __name__ == "__main__":
    start(__file__)

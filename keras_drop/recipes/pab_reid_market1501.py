r"""PAB-ReID on Market-1501, and on DukeMTMC-reID.

Paper: [Chen and Ge, 2024](https://arxiv.org/abs/2404.03443). On a copy of the
data set that you have, with labels of its training images:

    keras-drop train --recipe=pab_reid_market1501 \
        --data=market1501:Market-1501-v15.09.15 --parsing_dir=market_masks

DukeMTMC-reID has the same settings: `--data=dukemtmc:DukeMTMC-reID`.

Five parts that overlap, `five_v`, and a triplet loss on the foreground, as
BPBReID's configurations of both; all else is as on Occluded-Duke.

Result: not run yet, it needs the data set and a GPU. No figure of
the paper is verified.
"""

import dataclasses
from pathlib import Path

from keras_drop.recipes import pab_reid_occluded_duke, start

RUN = dataclasses.replace(
    pab_reid_occluded_duke.RUN,
    switches={
        **pab_reid_occluded_duke.RUN.switches,
        "loss_weights.foreground_triplet": 1.0,
    },
    data=dataclasses.replace(
        pab_reid_occluded_duke.RUN.data, part_schema="five_v"
    ),
    run_dir=Path("runs/pab_reid_market1501"),
)

if __name__ == "__main__":
    start(__file__)

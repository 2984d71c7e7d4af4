r"""DROP on Market-1501, and on DukeMTMC-reID.

Paper: [Dou et al., 2024](https://arxiv.org/abs/2401.18032). On a copy of the
data set that you have, with labels of its training images:

    keras-drop train --recipe=drop_market1501 \
        --data=market1501:Market-1501-v15.09.15 --parsing_dir=market_masks

DukeMTMC-reID has the same settings: `--data=dukemtmc:DukeMTMC-reID`.

Five parts that overlap, `five_v`, and a triplet loss on the foreground, as
BPBReID's configurations of both; all else is as on Occluded-Duke.

Result: not run yet, it needs the data set and a GPU. No figure of
the paper is known for either.
"""

import dataclasses
from pathlib import Path

from keras_drop.recipes import occluded_duke, start

RUN = dataclasses.replace(
    occluded_duke.RUN,
    switches={
        **occluded_duke.RUN.switches,
        "loss_weights.foreground_triplet": 1.0,
    },
    data=dataclasses.replace(occluded_duke.RUN.data, part_schema="five_v"),
    run_dir=Path("runs/drop_market1501"),
)

if __name__ == "__main__":
    start(__file__)

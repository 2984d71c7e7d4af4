r"""BPBReID on Occluded-Duke, and on P-DukeMTMC-reID.

Paper: [Somers et al., 2023](https://arxiv.org/abs/2211.03679). On a copy of the
data set that you have:

    keras-drop train --recipe=bpbreid_occluded_duke \
        --data=occluded_duke:Occluded_Duke --parsing_dir=Occluded_Duke/masks

P-DukeMTMC-reID has the same settings: `--data=p_duke:P-DukeMTMC-reID`. Images
are 384 x 128, as in all configurations of its authors; `--model=bpbreid` alone
has 256 x 128, DROP's size, to be compared with it.

Result: not run yet, it needs the data set and a GPU. Others report a Rank-1 of
75.1 and a mAP of 62.5 for the paper's model.
"""

import dataclasses
from pathlib import Path

from keras_drop.recipes import occluded_duke, start

RUN = dataclasses.replace(
    occluded_duke.RUN,
    model="bpbreid",
    switches={},
    batches=dataclasses.replace(
        occluded_duke.RUN.batches, image_size=(384, 128)
    ),
    run_dir=Path("runs/bpbreid_occluded_duke"),
)

if __name__ == "__main__":
    start(__file__)

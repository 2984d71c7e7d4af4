r"""PAB-ReID on Occluded-Duke.

Paper: [Chen and Ge, 2024](https://arxiv.org/abs/2404.03443). Its code is not
public, and its summaries leave settings open: the schedule is that of BPBReID,
of which it is an extension, the image size of 256 x 128 that of DROP, to be
compared with it. On a copy of the data set that you have:

    keras-drop train --recipe=pab_reid_occluded_duke \
        --data=occluded_duke:Occluded_Duke --parsing_dir=Occluded_Duke/masks

P-DukeMTMC-reID has the same settings: `--data=p_duke:P-DukeMTMC-reID`. Others
are in `pab_reid_market1501` and `pab_reid_occluded_reid`.

Result: not run yet, it needs the data set and a GPU. On drawn pedestrians:
`pab_reid_demo.py`.
"""

from pathlib import Path

from keras_drop.recipes import start
from keras_drop.training import PABReIDRun

RUN = PABReIDRun(run_dir=Path("runs/pab_reid"))

if __name__ == "__main__":
    start(__file__)

r"""DROP on Occluded-Duke.

Paper: [Dou et al., 2024](https://arxiv.org/abs/2401.18032). On a copy of the
data set that you have:

    keras-drop train --recipe=occluded_duke \
        --data=occluded_duke:Occluded_Duke --parsing_dir=Occluded_Duke/masks

The paper's memory of parts and parsing weight, and, where it is silent,
BPBReID's values: the triplet loss compares parts as long as they are. What did
better on drawn pedestrians (docs/results/drop.md) are the defaults of `DROP`:
`--model.memory.kind=none --model.loss_weights.parsing=4
--model.term_losses.part_compactness.unit_length=true`.

P-DukeMTMC-reID has the same settings: `--data=p_duke:P-DukeMTMC-reID`. Others
are in `drop_market1501` and `drop_occluded_reid`.

`--weights=hrnetv2_w32_imagenet_pretrained.pth` starts from ImageNet, as in the
paper. `--model=bpbreid` and `--model=global_baseline` train what it has to
beat, with the same settings.

Result: not run yet, it needs the data set and a GPU. On drawn pedestrians:
`drop_demo.py`.
"""

from pathlib import Path

from keras_drop.recipes import start
from keras_drop.training import Run

RUN = Run(
    "drop",
    {
        "memory.kind": "queue",
        "loss_weights.parsing": 1.0,
        "term_losses.part_compactness.unit_length": False,
    },
    run_dir=Path("runs/occluded_duke"),
)

if __name__ == "__main__":
    start(__file__)

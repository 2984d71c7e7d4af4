r"""HPNet on Market-1501.

Paper: [Huang et al., 2020](https://doi.org/10.1109/ICME46284.2020.9102789). On
a copy of the data set with part labels of its training images, ImageNet weights
of ResNet-50 (those of torchvision, as a PyTorch checkpoint), and people of COCO
with part labels that `keras-drop densepose_coco_crops` makes:

    keras-drop train --recipe=hpnet_market1501 \
        --data=market1501:Market-1501-v15.09.15 \
        --parsing_dir=market1501_parts --weights=resnet50.pth \
        --crops_dir=coco_people/train

`--release` does what the authors' code does, by which the published numbers
were made. Without `--crops_dir` parsing is learnt from the labels of the
training images alone. The paper's other data sets have none:
`--test_data=occluded_reid:Occluded_REID`, `partial_reid_uncropped:…`,
`partial_ilids_18:…`, several separated by commas, or `keras-drop evaluate`
afterwards.

On drawn people the paper's threshold of 0.5 hid most visible parts with these
labels; 0.4, `--model.masks.threshold=0.4`, did not (docs/results/hpnet.md).

Result: not run yet, it needs the data set and a GPU. On drawn pedestrians:
`hpnet_demo.py`.
"""

from pathlib import Path

from keras_drop.recipes import start
from keras_drop.training import (
    BackboneSettings,
    BatchSettings,
    DataSettings,
    FitSettings,
    HPNetRun,
    OptimizerSettings,
)

RUN = HPNetRun(
    backbone=BackboneSettings("resnet50"),
    data=DataSettings(label_format="png7", part_schema="hpnet_four"),
    batches=BatchSettings((384, 128), transforms=("flip",), epoch_of="people"),
    optimizer=OptimizerSettings(
        "sgd",
        learning_rate=0.01,
        warmup_epochs=0,
        milestones=(240,),
        multipliers=("parsing_head|neck:2",),
    ),
    fit=FitSettings(epochs=300, evaluate_every=20),
    run_dir=Path("runs/hpnet"),
)

if __name__ == "__main__":
    start(__file__)

r"""Parsing labels for images that have none: trains a network, and labels.

DeepLabV3+ of KerasHub ([Chen et al., 2018](https://arxiv.org/abs/1802.02611))
learns from crops of people with part labels, such as those of
`keras-drop densepose_coco_crops`, and labels any folder of crops:

    keras-drop train --recipe=parsing_labels --preset=resnet_50_imagenet \
        --data_dir=coco_people/train/images \
        --parsing_dir=coco_people/train/parts --crops=Market-1501-v15.09.15 \
        --crop_folders=bounding_box_train,query,bounding_box_test \
        --run_dir=runs/market1501_labels

The labels, in `--labels_dir`, have folders and names like the images: give it
as `--parsing_dir` to the runs of the models.

Result on COCO: not run yet, it needs the data set and a GPU. On drawn
pedestrians: `parsing_labels_demo.py`.
"""

from keras_drop.recipes import start
from keras_drop.training import SegmentationRun

RUN = SegmentationRun()

if __name__ == "__main__":
    start(__file__)

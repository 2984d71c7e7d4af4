"""Drawn pedestrians, labelled by what was learnt from others that were drawn.

    keras-drop train --recipe=parsing_labels_demo

With another seed; a quarter of an hour on two CPU cores.

Result: docs/guide/parsing_labels.md.
"""

from pathlib import Path

from keras_drop.recipes import start
from keras_drop.training import (
    NetworkSettings,
    PeopleToLabel,
    PeopleToLearn,
    SegmentationFitSettings,
    SegmentationRun,
)

_OTHERS = Path("runs/embedded_pedestrians_seed2")
_PEDESTRIANS = Path("runs/embedded_pedestrians")
RUN = SegmentationRun(
    PeopleToLearn(
        _OTHERS,
        parsing_dir=_OTHERS / "parts",
        folders=("bounding_box_train",),
    ),
    PeopleToLabel(
        _PEDESTRIANS,
        crop_folders=("bounding_box_train",),
        truth_dir=_PEDESTRIANS / "parts",
    ),
    NetworkSettings("resnet18", image_size=(128, 64)),
    SegmentationFitSettings(epochs=20),
    render="small",
    run_dir=Path("runs/parsing_labels_demo"),
)

if __name__ == "__main__":
    start(__file__)

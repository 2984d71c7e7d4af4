"""DensePose's annotations of COCO: which people there are, and their parts."""

import dataclasses
import json
from pathlib import Path

import numpy as np

_NUM_PARTS = 14
# Numbers of COCO's 17 keypoints.
_GROUPS = {
    "face": (0, 1, 2, 3, 4),
    "shoulders": (5, 6),
    "hips": (11, 12),
    "knees": (13, 14),
    "ankles": (15, 16),
}
_VISIBLE = 2


@dataclasses.dataclass(frozen=True)
class DensePosePerson:
    """One annotated person.

    Args:
        image: File name of the image.
        number: Of the annotation.
        box: `(left, top, width, height)` in pixels of the image, fractions
            too.
        masks: 14 run-length masks of COCO in the frame of the box, empty ones
            `None`; the part of a mask is its position, counted from 1.
        keypoints: COCO's 51 numbers, or fewer if they are not annotated.
    """

    image: str
    number: int
    box: tuple
    masks: tuple
    keypoints: tuple = ()

    @property
    def is_whole(self):
        """Whether this is a standing person with hardly a part hidden.

        HPNet's choice: of face, shoulders, hips, knees and ankles, at least
        four have a visible keypoint, and the box is more than 1.8 times as
        high as wide.
        """
        # Those that are not annotated are not visible.
        flags = np.array([*self.keypoints[2::3], *[0] * 17])
        visible = flags == _VISIBLE
        groups = sum(visible[list(group)].any() for group in _GROUPS.values())
        _, _, width, height = self.box
        return bool(groups >= 4 and height > 1.8 * width)


def read_densepose_coco(file):
    """Reads `densepose_coco_2014_*.json`; opens no image.

    People without `dp_masks`, or with empty ones alone, are left out.

    Args:
        file: The file of annotations.

    Returns:
        List of `DensePosePerson`, in the order of image names and numbers.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: Another kind of file, or a person without 14 masks; the
            message names file and annotation.

    Example:
    >>> import json
    >>> from keras_drop.datasets import read_densepose_coco
    >>> import os, tempfile
    >>> mask = {"size": [256, 256], "counts": [0, 65536]}
    >>> content = {"images": [{"id": 7, "file_name": "a.jpg"}],
    ...     "annotations": [{"id": 3, "image_id": 7, "bbox": [0, 0, 9, 20],
    ...         "dp_masks": [mask] + 13 * [[]]}]}
    >>> file = os.path.join(tempfile.mkdtemp(), "densepose.json")
    >>> with open(file, "w") as lines:
    ...     json.dump(content, lines)
    >>> read_densepose_coco(file)[0].number
    3

    Reference:
        [Güler et al., 2018](https://arxiv.org/abs/1802.00434)
    """
    content = _read_json(Path(file))
    try:
        names = {image["id"]: image["file_name"] for image in content["images"]}
        people = [
            _person(file, annotation, names)
            for annotation in content["annotations"]
            if any(annotation.get("dp_masks", ()))
        ]
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(
            f"{file} has no images or annotations as COCO's files have "
            f"({error!r}). Download it again."
        ) from error
    if not people:
        raise ValueError(
            f"{file} has no person with `dp_masks`: the annotations of the "
            "test images are not published. Use those of train, "
            "valminusminival or minival."
        )
    return sorted(people, key=lambda person: (person.image, person.number))


def _person(file, annotation, names):
    number, masks = annotation.get("id"), annotation["dp_masks"]
    if len(masks) != _NUM_PARTS or len(annotation.get("bbox", ())) != 4:
        raise ValueError(
            f"Annotation {number} of {file} has {len(masks)} masks and the "
            f"box {annotation.get('bbox')}; expected are {_NUM_PARTS} masks "
            "and 4 numbers."
        )
    if annotation.get("image_id") not in names:
        raise ValueError(f"Annotation {number} of {file} is of no image in it.")
    return DensePosePerson(
        names[annotation["image_id"]],
        number,
        tuple(annotation["bbox"]),
        tuple(mask or None for mask in masks),
        tuple(annotation.get("keypoints", ())),
    )


def _read_json(file):
    if not file.is_file():
        raise FileNotFoundError(f"There is no file {file}.")
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ValueError(f"{file} is not JSON: {error}.") from None
    if not isinstance(content, dict) or not {"images", "annotations"} <= {
        *content
    }:
        raise ValueError(
            f"{file} has no `images` and `annotations`, as COCO's files have."
        )
    return content

"""A made-up COCO DensePose: two images, three annotated people."""

import json

import numpy as np
from PIL import Image

from tests.reference.run_length import compress, encode_counts

STANDING = [*[9, 9, 2] * 5, *[9, 9, 2] * 6, *[9, 9, 2] * 6]
IMAGES = {
    "COCO_train2014_000000000007.jpg": (60, 80),
    "COCO_val2014_000000000009.jpg": (90, 50),
}


def mask(*rectangles):
    """Run lengths of `(top, left, bottom, right)` in 256 by 256 pixels."""
    pixels = np.zeros((256, 256), bool)
    for top, left, bottom, right in rectangles:
        pixels[top:bottom, left:right] = True
    return {"size": [256, 256], "counts": compress(encode_counts(pixels))}


def annotation(number, image, box, masks, keypoints=STANDING):
    dp_masks = [masks.get(part, []) for part in range(1, 15)]
    return {
        "id": number,
        "image_id": image,
        "bbox": box,
        "dp_masks": dp_masks,
        "keypoints": keypoints,
    }


def annotations():
    """The whole content of a file."""
    head, torso = mask((0, 0, 64, 256)), mask((32, 0, 160, 256))
    legs = mask((160, 0, 256, 128))
    return {
        "images": [
            {"id": number, "file_name": name}
            for number, name in zip((7, 9), IMAGES)
        ],
        "annotations": [
            annotation(31, 9, [10.0, 8.0, 20.0, 64.0], {1: torso, 14: head}),
            annotation(12, 7, [60.4, 10.2, 30.0, 40.0], {1: torso, 6: legs}),
            annotation(11, 7, [5, 5, 10, 30], {14: head}, [0, 0, 0] * 17),
            {"id": 13, "image_id": 7, "bbox": [1, 1, 5, 5]},
            annotation(14, 7, [1, 1, 5, 5], {}),
        ],
    }


def make_coco(folder, content=None):
    """Writes images and annotations; returns the file of these."""
    rng = np.random.default_rng(0)
    for name, size in IMAGES.items():
        path = folder / name.split("_")[1] / name
        path.parent.mkdir(parents=True)
        pixels = rng.integers(0, 256, (*size, 3)).astype("uint8")
        Image.fromarray(pixels).save(path, quality=100)
    file = folder / "densepose_coco_2014_train.json"
    file.write_text(json.dumps(content or annotations()))
    return file

"""Draws what happens to a training image."""

import numpy as np

from keras_drop.checks import refuse_unknown_names
from keras_drop.data.transforms.enhance import (
    random_colour_jitter,
    random_enhance,
)
from keras_drop.data.transforms.transform import Transform

TRANSFORMS = (
    "flip",
    "crop",
    "colour_jitter",
    "erase",
    "enhance",
    "slight_colour_jitter",
    "bicubic",
)
"""The words for random changes, which `random_transform` explains."""


def random_transform(size, transforms, rng):
    """Draws a `Transform`.

    - `"flip"`: left and right are exchanged, in every second image.
    - `"crop"`: out of a black border, always. Its width is 10 pixels for
      images 128 wide, as in the papers, and grows with theirs.
    - `"colour_jitter"`: brightness by up to 20 %, contrast by up to 15 %, in
      every second image, as of BPBReID.
    - `"slight_colour_jitter"`: brightness, contrast and saturation by up to
      10 %, always and before all else, as of DPEFormer.
    - `"bicubic"`: images are resized bicubically, not bilinearly, always, as
      of DPEFormer.
    - `"enhance"`: blur, gamma and stronger colours in every second image, as
      of HPNet's release; see `random_enhance`.
    - `"erase"`: a rectangle, in every second image, as of BPBReID: height and
      width are 15 to 65 % of the image's, and it becomes plain. For other
      rectangles there is `keras_drop.data.occlusions.RandomErasing`.

    They happen in the order flip, crop, colours, erase, unless it says so.

    Args:
        size: `(height, width)` of the result.
        transforms: Which of the changes may happen, in any order.
        rng: `numpy.random.Generator`.

    Returns:
        `Transform`.

    Raises:
        ValueError: An unknown name; the message lists the known ones.

    Example:
    >>> from keras_drop.data import random_transform
    >>> import numpy as np
    >>> random_transform((8, 4), ("erase",), np.random.default_rng(1)).shift
    (0, 0)

    Reference:
        [Somers et al., 2023](https://arxiv.org/abs/2211.03679)
    """
    transforms, drawn, steps = checked_transforms(transforms), {}, ()
    if "flip" in transforms:
        drawn["flip"] = bool(rng.random() < 0.5)
    if "crop" in transforms:
        border = crop_border(size)
        shift = rng.integers(-border, border, 2, endpoint=True)
        drawn["shift"] = tuple(shift.tolist())
    if "colour_jitter" in transforms and rng.random() < 0.5:
        steps += random_colour_jitter(rng, brightness=0.2, contrast=0.15)
    if "erase" in transforms and rng.random() < 0.5:
        drawn["hole"] = _random_hole(size, rng)
    stronger = random_enhance(rng) if "enhance" in transforms else ()
    if "slight_colour_jitter" in transforms:
        drawn["first_steps"] = random_colour_jitter(
            rng, brightness=0.1, contrast=0.1, saturation=0.1
        )
    drawn["bicubic"] = "bicubic" in transforms
    return Transform(tuple(size), steps=steps + stronger, **drawn)


def crop_border(size):
    """Pixels by which `"crop"` shifts at most, both ways.

    The papers have 10, for images of 256 x 128 and of 384 x 128. In smaller
    ones, 10 pixels would be more of the person.

    Args:
        size: `(height, width)` of the image.
    """
    return round(10 * size[1] / 128)


def checked_transforms(transforms):
    """The words, in the order of `TRANSFORMS`.

    Raises:
        ValueError: An unknown one; the message lists the known ones.
    """
    refuse_unknown_names("transforms", transforms, TRANSFORMS)
    return [name for name in TRANSFORMS if name in transforms]


def _random_hole(size, rng):
    lengths = [
        int(rng.integers(np.ceil(0.15 * n), 0.65 * n, endpoint=True))
        for n in size
    ]
    corner = [
        int(rng.integers(0, n - length, endpoint=True))
        for n, length in zip(size, lengths)
    ]
    return *corner, *lengths

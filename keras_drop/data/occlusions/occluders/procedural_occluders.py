"""Occluders that need no download: drawn from a seed."""

import functools

import cv2
import numpy as np

from keras_drop.data.occlusions.occluders.occluder_bank import OccluderBank
from keras_drop.data.occlusions.occluders.occluder_shapes import SHAPES
from keras_drop.data.occlusions.occluders.occluder_textures import (
    TEXTURES,
    border_texture,
)

_AREA = 128 * 128
_MIN_AREA = 0.2


@functools.lru_cache(maxsize=8)
def procedural_occluders(count=256, seed=1):
    """Draws an `OccluderBank` of made-up shapes and textures.

    Shapes are a blob, a rounded rectangle, a pole, foliage, a half disc and a
    fence; textures a plain colour, a gradient, stripes, checks and noise.
    Shape, texture and colours are uniform; edges are soft by a pixel. What
    covers less than 20 % of its box is drawn again. Half of the boxes are more
    than twice as high as wide.

    Args:
        count: Number of occluders.
        seed: Integer. The same seed gives the same bank.

    Returns:
        `OccluderBank`; the same one for the same arguments.

    Example:
    >>> from keras_drop.data.occlusions import procedural_occluders
    >>> len(procedural_occluders())
    256

    Reference:
        [Zhang et al., 2024](https://arxiv.org/abs/2402.10435), whose occluders
        are cut from photographs; these replace them.
    """
    return OccluderBank(_draw_all(count, seed, ()))


def occluders_from_borders(images, count=256, seed=1):
    """`procedural_occluders` that also wear the backgrounds of a data set.

    A sixth texture is a patch of the outermost columns of a training image,
    where there is mostly no person.

    Args:
        images: List of `(height, width, 3)` uint8 images of any size.
        count: Number of occluders.
        seed: Integer.

    Returns:
        `OccluderBank`.

    Raises:
        ValueError: No images.

    Example:
    >>> import numpy as np
    >>> from keras_drop.data.occlusions import occluders_from_borders
    >>> street = np.full((64, 32, 3), 120, "uint8")
    >>> len(occluders_from_borders([street], count=5))
    5
    """
    if not len(images):
        raise ValueError(
            "There are no images to take borders from; without any use "
            "`procedural_occluders`."
        )
    return OccluderBank(_draw_all(count, seed, images))


def _draw_all(count, seed, images):
    textures = [*TEXTURES]
    if len(images):
        textures.append(functools.partial(border_texture, images=images))
    for number in range(count):
        rng = np.random.default_rng((seed, number))
        aspect = 2 ** rng.uniform(-1.0, 3.0)
        size = round((_AREA * aspect) ** 0.5), round((_AREA / aspect) ** 0.5)
        alpha = np.zeros(size, "float32")
        while alpha.mean() < _MIN_AREA:
            shape = SHAPES[rng.integers(len(SHAPES))]
            alpha = cv2.GaussianBlur(shape(size, rng), (3, 3), 0)
        texture = textures[rng.integers(len(textures))](size, rng)
        yield np.clip(np.rint(texture), 0, 255).astype("uint8"), alpha

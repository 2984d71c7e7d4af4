"""Puts an obstacle in front of a person until enough of them is hidden."""

import dataclasses

import numpy as np

from keras_drop.datasets.embedded_pedestrians.scene.occluders import (
    draw_occluder,
    draw_wall,
)
from keras_drop.densepose_parts import PART_IDS

STRANGER_PERCENT = 20
# Parts that an obstacle can hide wholly: what hides them, and from where.
REGIONS = {
    "head": (("head",), ("umbrella",), "above"),
    "legs": (
        tuple(
            f"{side}_{part}"
            for side in ("left", "right")
            for part in ("upper_leg", "lower_leg", "foot")
        ),
        ("car", "crate"),
        "below",
    ),
}


def hide(image, labels, occluders, percent, rng):
    """Paints an obstacle over `image` in place.

    Args:
        image: `(height, width, 3)` uint8 RGB.
        labels: `(height, width)` uint8, part numbers of the whole person.
        occluders: `Occluder`s that stand at this place.
        percent: Least and most percent of the person to hide.
        rng: Random generator.

    Returns:
        The part numbers that remain visible, and the kind of the obstacle.
    """
    low, high = percent
    order = rng.permutation(len(occluders))
    candidates = [occluders[int(k)] for k in order]
    if int(rng.integers(100)) < STRANGER_PERCENT:
        candidates.insert(0, draw_occluder("pedestrian", rng))
    target = int(rng.integers(low + 3, high - 2))
    shift = int(rng.integers(-5, 6))
    person = labels > 0
    for occluder in (*candidates, draw_wall()):
        place, hidden = _slide(person, occluder, target, shift)
        if low + 2 <= hidden <= high - 2:
            break
    mask = _blend(image, occluder.picture, *place)
    return np.where(mask, np.uint8(0), labels), occluder.kind


def hide_region(image, labels, region, rng):
    """Paints an obstacle over `image` that hides some parts wholly.

    Args:
        image: As of `hide`.
        labels: As of `hide`.
        region: One of `REGIONS`.
        rng: Random generator.

    Returns:
        As of `hide`; `None`, with the image as it was, if the parts are not
        in the picture or nothing hides them wholly.
    """
    names, kinds, entry = REGIONS[region]
    parts = np.isin(labels, [PART_IDS[name] for name in names])
    if not parts.any():
        return None
    more = int(rng.integers(0, 12))
    for number in rng.permutation(len(kinds)):
        occluder = dataclasses.replace(
            draw_occluder(kinds[int(number)], rng),
            entry=entry,
            anchor=int(rng.integers(-8, 9)),
        )
        solid = occluder.picture[..., 3] > 127
        places = []
        # Step by step: what is below a car may show again farther up.
        for step in range(_way(occluder, labels.shape) + 1):
            place = _place(occluder, labels.shape, step, 0)
            area, cut = _overlap(labels.shape, solid.shape, *place)
            if not (parts[area] & ~solid[cut]).any() and not (
                _outside(parts, area).any()
            ):
                places.append(place)
        if places:
            place = places[min(more, len(places) - 1)]
            mask = _blend(image, occluder.picture, *place)
            return np.where(mask, np.uint8(0), labels), occluder.kind
    return None


def _outside(mask, area):
    """The mask where it is not in the area."""
    rest = mask.copy()
    rest[area] = False
    return rest


def _slide(person, occluder, target, shift):
    """Place of the obstacle at which it hides nearest to `target` percent."""
    solid = occluder.picture[..., 3] > 127
    total = max(np.count_nonzero(person), 1)

    def hidden(step):
        place = _place(occluder, person.shape, step, shift)
        area, cut = _overlap(person.shape, solid.shape, *place)
        return 100 * np.count_nonzero(person[area] & solid[cut]) / total

    first, last = 0, _way(occluder, person.shape)
    while last - first > 1:
        middle = (first + last) // 2
        if hidden(middle) < target:
            first = middle
        else:
            last = middle
    steps = sorted((first, last), key=lambda s: abs(hidden(s) - target))
    place = _place(occluder, person.shape, steps[0], shift)
    return place, hidden(steps[0])


def _way(occluder, shape):
    """How many pixels the obstacle may move into the picture."""
    rows, columns = occluder.picture.shape[:2]
    if occluder.entry in ("below", "above"):
        return rows
    return (shape[1] + columns) // 2


def _place(occluder, shape, step, shift):
    """Row and column of the obstacle's corner, `step` pixels on its way."""
    height, width = shape
    rows, columns = occluder.picture.shape[:2]
    aside = occluder.anchor + shift
    middle = (width - columns) // 2 + aside
    if occluder.entry == "below":
        return height - step, middle
    if occluder.entry == "above":
        return step - rows, middle
    floor = max(height - rows + abs(aside) // 2, height - rows)
    if occluder.entry == "left":
        return floor, step - columns
    return floor, width - step


def _overlap(shape, cut_shape, top, left):
    """Slices of the picture and of the obstacle that lie on each other."""
    area, cut = [], []
    for start, size, length in zip((top, left), shape, cut_shape, strict=True):
        low, high = max(start, 0), max(min(start + length, size), 0)
        high = max(high, low)
        area.append(slice(low, high))
        cut.append(slice(low - start, high - start))
    return tuple(area), tuple(cut)


def _blend(image, picture, top, left):
    """Paints the obstacle and returns where it is solid."""
    area, cut = _overlap(image.shape[:2], picture.shape[:2], top, left)
    patch = picture[cut].astype(np.int32)
    old = image[area].astype(np.int32)
    alpha = patch[..., 3:]
    image[area] = old + ((patch[..., :3] - old) * alpha + 127) // 255
    mask = np.zeros(image.shape[:2], bool)
    mask[area] = patch[..., 3] > 127
    return mask

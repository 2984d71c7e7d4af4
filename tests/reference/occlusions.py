"""Slow, obvious versions of what hides a part of an image."""

import numpy as np

from tests.reference.training_transforms import resize_bilinear

GREY = (0.299, 0.587, 0.114)


def paste(image, colours, alpha, top, left):
    """`colours` are multiplied by `alpha` (0 to 1) already."""
    image = np.array(image, "float64")
    hidden = np.zeros(image.shape[:2], bool)
    for r in range(image.shape[0]):
        for c in range(image.shape[1]):
            y, x = r - top, c - left
            if 0 <= y < alpha.shape[0] and 0 <= x < alpha.shape[1]:
                behind = (1 - alpha[y, x]) * image[r, c]
                image[r, c] = colours[y, x] + behind
                hidden[r, c] = alpha[y, x] > 0.5
    return image, hidden


def realistic_occlusion(image, occluder, top, left, height, width, mirrored):
    """`occluder`: `(h, w, 4)` uint8, colours multiplied by alpha, and alpha."""
    if mirrored:
        occluder = occluder[:, ::-1]
    occluder = resize_bilinear(occluder, height, width)
    return paste(image, occluder[..., :3], occluder[..., 3] / 255, top, left)


def grid(height, width, unit, kept, row, column):
    """Squares of the side `unit - kept`; the grid starts `row` rows above."""
    hidden = np.zeros((height, width), bool)
    for r in range(height):
        for c in range(width):
            y, x = (r + row) % unit, (c + column) % unit
            hidden[r, c] = y < unit - kept and x < unit - kept
    return hidden


def grey(image):
    return (np.asarray(image, "float64") * GREY).sum(-1, keepdims=True)


def blur(image, deviation):
    """A Gaussian out to four deviations, the image mirrored at its edges."""
    reach = int(4 * deviation)
    weights = {
        d: np.exp(-(d**2) / (2 * deviation**2))
        for d in range(-reach, reach + 1)
    }
    total = sum(weights.values())
    for axis in (0, 1):
        length = image.shape[axis]
        out = np.zeros(image.shape)
        for d, weight in weights.items():
            index = np.arange(length) + d
            index = np.abs(index)
            index = length - 1 - np.abs(length - 1 - index)
            out += weight / total * np.take(image, index, axis)
        image = out
    return image


def enhance(image, steps):
    image = np.asarray(image, "float64")
    for name, factor in steps:
        if name == "blur":
            image = blur(image, factor)
        elif name == "brightness":
            image = factor * image
        elif name == "contrast":
            mean = grey(image).mean()
            image = factor * image + (1 - factor) * mean
        elif name == "saturation":
            image = factor * image + (1 - factor) * grey(image)
        elif name == "gamma":
            image = 255 * (image / 255) ** factor
        image = np.clip(image, 0, 255)
    return image


def schedule(epoch, epochs, values):
    """Linear between the epochs, constant before and after them."""
    if epoch <= epochs[0]:
        return values[0]
    for k in range(1, len(epochs)):
        if epoch <= epochs[k]:
            share = (epoch - epochs[k - 1]) / (epochs[k] - epochs[k - 1])
            return values[k - 1] + share * (values[k] - values[k - 1])
    return values[-1]

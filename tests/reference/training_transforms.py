"""Slow, obvious versions of what happens to an image and its label."""

import numpy as np

MEAN = np.array([0.485, 0.456, 0.406])
STD = np.array([0.229, 0.224, 0.225])


def resize_bilinear(image, height, width):
    """Half-pixel centres, no antialiasing."""
    image = np.asarray(image, "float64")
    out = np.zeros((height, width, image.shape[2]))
    for r in range(height):
        for c in range(width):
            y = (r + 0.5) * image.shape[0] / height - 0.5
            x = (c + 0.5) * image.shape[1] / width - 0.5
            y = min(max(y, 0), image.shape[0] - 1)
            x = min(max(x, 0), image.shape[1] - 1)
            top, left = int(y), int(x)
            bottom = min(top + 1, image.shape[0] - 1)
            right = min(left + 1, image.shape[1] - 1)
            dy, dx = y - top, x - left
            out[r, c] = (
                (1 - dy) * (1 - dx) * image[top, left]
                + (1 - dy) * dx * image[top, right]
                + dy * (1 - dx) * image[bottom, left]
                + dy * dx * image[bottom, right]
            )
    return out


def resize_nearest(label, height, width):
    """The source cell in which the centre of the target cell lies."""
    out = np.zeros((height, width, *label.shape[2:]), label.dtype)
    for r in range(height):
        for c in range(width):
            out[r, c] = label[
                (2 * r + 1) * label.shape[0] // (2 * height),
                (2 * c + 1) * label.shape[1] // (2 * width),
            ]
    return out


def pad_and_crop(array, top, left, padding):
    """Crop of the same size out of the array with a border of zeros."""
    height, width = array.shape[:2]
    padded = np.zeros(
        (height + 2 * padding, width + 2 * padding, *array.shape[2:]),
        array.dtype,
    )
    padded[padding : padding + height, padding : padding + width] = array
    return padded[top : top + height, left : left + width]


def jitter(image, steps):
    for name, factor in steps:
        if name == "brightness":
            image = np.clip(image * factor, 0, 255)
            continue
        assert name == "contrast"
        grey = (image * [0.299, 0.587, 0.114]).sum(-1).mean()
        image = np.clip(factor * image + (1 - factor) * grey, 0, 255)
    return image


def transform_image(image, size, flip, crop, steps, hole):
    image = resize_bilinear(image, *size)
    if flip:
        image = image[:, ::-1]
    image = pad_and_crop(image, *crop, 10)
    image = jitter(image, steps)
    if hole:
        top, left, height, width = hole
        image = (image / 255 - MEAN) / STD
        image[top : top + height, left : left + width] = MEAN
        image = (image * STD + MEAN) * 255
    return image


def transform_fields(fields, size, flip, crop, hole, groups, swapped):
    """36 maps to soft labels, at full size until the last step."""
    fields = resize_nearest(fields, *size)
    if flip:
        fields = fields[:, ::-1]
    fields = pad_and_crop(fields, *crop, 10)
    if hole:
        top, left, height, width = hole
        fields[top : top + height, left : left + width] = 0
    parts = np.stack([fields[..., list(g)].max(-1) for g in groups], -1)
    if flip:
        parts = parts[..., list(swapped)]
    return resize_nearest(soft_label(parts), size[0] // 4, size[1] // 4)


def transform_part_ids(ids, size, flip, crop, hole, groups, swapped):
    """Part ids to one-hot labels, at full size until the last step."""
    ids = resize_nearest(ids, *size)
    if flip:
        ids = ids[:, ::-1]
    ids = pad_and_crop(ids, *crop, 10)
    if hole:
        top, left, height, width = hole
        ids[top : top + height, left : left + width] = 0
    ids = resize_nearest(ids, size[0] // 4, size[1] // 4)
    labels = np.zeros((*ids.shape, len(groups) + 1))
    for r in range(ids.shape[0]):
        for c in range(ids.shape[1]):
            part = 0
            for k, group in enumerate(groups):
                if ids[r, c] in group:
                    part = 1 + (swapped[k] if flip else k)
                    break
            labels[r, c, part] = 1
    return labels


def soft_label(parts):
    parts = np.clip(np.asarray(parts, "float64"), 0, 1)
    background = np.where(parts.max(-1, keepdims=True) < 0.5, 1.0, 0.0)
    weights = np.exp(15 * np.concatenate([background, parts], -1))
    return weights / weights.sum(-1, keepdims=True)

"""Slow, obvious NumPy versions of what is done to maps."""

import numpy as np


def resize(x, size, corner_aligned):
    """`(batch, height, width, channels)`, bilinear, cell by cell."""
    height, width = x.shape[1:3]
    result = np.zeros((x.shape[0], *size, x.shape[-1]))
    for row in range(size[0]):
        for column in range(size[1]):
            r = source(row, size[0], height, corner_aligned)
            c = source(column, size[1], width, corner_aligned)
            r0, c0 = int(np.floor(r)), int(np.floor(c))
            r1, c1 = min(r0 + 1, height - 1), min(c0 + 1, width - 1)
            result[:, row, column] = (
                (1 - (r - r0)) * (1 - (c - c0)) * x[:, r0, c0]
                + (1 - (r - r0)) * (c - c0) * x[:, r0, c1]
                + (r - r0) * (1 - (c - c0)) * x[:, r1, c0]
                + (r - r0) * (c - c0) * x[:, r1, c1]
            )
    return result


def source(index, new_length, length, corner_aligned):
    """The coordinate that output `index` reads."""
    if corner_aligned:
        return index * (length - 1) / max(new_length - 1, 1)
    return min(max((index + 0.5) * length / new_length - 0.5, 0), length - 1)


def mean_of_blocks(x, factor):
    """Average over blocks of `factor` x `factor` cells."""
    batch, height, width, channels = x.shape
    result = np.zeros((batch, height // factor, width // factor, channels))
    for row in range(height // factor):
        for column in range(width // factor):
            block = x[
                :,
                row * factor : (row + 1) * factor,
                column * factor : (column + 1) * factor,
            ]
            result[:, row, column] = block.mean(axis=(1, 2))
    return result


def convolve(x, kernel, bias=0.0):
    """Convolution of odd size with zero padding; `(k, k, in, out)`."""
    size = kernel.shape[0]
    pad = size // 2
    padded = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    result = np.zeros((*x.shape[:3], kernel.shape[-1]))
    for row in range(size):
        for column in range(size):
            window = padded[
                :, row : row + x.shape[1], column : column + x.shape[2]
            ]
            result += window @ kernel[row, column]
    return result + bias


def normalise(x, gamma, beta, mean, variance):
    """Batch normalisation at inference."""
    return gamma * (x - mean) / np.sqrt(variance + 1e-5) + beta


def pool(features, mask, normalize):
    """Weighted average and maximum of one image under one mask."""
    total, weight = np.zeros(features.shape[-1]), 0.0
    maximum = np.full(features.shape[-1], -np.inf)
    for row in range(mask.shape[0]):
        for column in range(mask.shape[1]):
            masked = mask[row, column] * features[row, column]
            total += masked
            weight += mask[row, column]
            maximum = np.maximum(maximum, masked)
    divisor = max(weight, 1e-6) if normalize == "mask" else mask.size
    return total / divisor, maximum


def visibility(part_maps, rule, threshold):
    """`(batch, 1 + parts)`, foreground first."""
    result = np.ones((part_maps.shape[0], part_maps.shape[-1]))
    thresholds = np.broadcast_to(threshold, part_maps.shape[-1] - 1)
    for image, cells in enumerate(part_maps):
        cells = cells.reshape(-1, cells.shape[-1])
        for part in range(1, cells.shape[-1]):
            if rule == "argmax":
                seen = any(cell[part] == max(cell) for cell in cells)
            elif rule == "margin":
                others = np.delete(cells, part, axis=1).max(axis=1)
                margin = max(cells[:, part] - others)
                seen = margin >= thresholds[part - 1]
            elif rule == "threshold":
                seen = max(cells[:, part]) >= thresholds[part - 1]
            else:
                seen = max(cells[:, part])
            result[image, part] = seen
    return result

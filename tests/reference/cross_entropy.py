"""Slow, obvious NumPy versions of the losses on labels."""

import numpy as np


def log_softmax(logits):
    logits = logits - logits.max()
    return logits - np.log(np.exp(logits).sum())


def identity_cross_entropy(identities, logits, label_smoothing):
    num_identities = logits.shape[1]
    losses = []
    for identity, row in zip(identities, logits):
        target = np.full(num_identities, label_smoothing / num_identities)
        target[identity] += 1 - label_smoothing
        losses.append(-(target * log_softmax(row)).sum())
    return np.array(losses)


def blurred_label(labels, num_classes, sigma):
    """`(height, width, classes)` of one `(height, width)` label map."""
    height, width = labels.shape
    offsets = np.array([-1, 0, 1])
    kernel = np.exp(-(offsets**2) / (2 * sigma**2))
    kernel /= kernel.sum()
    blurred = np.zeros((height, width, num_classes))
    for row in range(height):
        for column in range(width):
            for down in offsets:
                for right in offsets:
                    y, x = row + down, column + right
                    if 0 <= y < height and 0 <= x < width:
                        weight = kernel[down + 1] * kernel[right + 1]
                        blurred[row, column, labels[y, x]] += weight
            blurred[row, column] /= blurred[row, column].sum()
    return blurred


def spatially_smoothed_parsing(
    labels,
    logits,
    sigma,
    label_smoothing,
    total_variation_weight=0.0,
):
    """`sigma=None` blurs nothing."""
    batch, height, width, num_classes = logits.shape
    losses = []
    for image in range(batch):
        if sigma is None:
            target = np.eye(num_classes)[labels[image]]
        else:
            target = blurred_label(labels[image], num_classes, sigma)
        target = (1 - label_smoothing) * target + label_smoothing / num_classes
        total, variation = 0.0, 0.0
        for row in range(height):
            for column in range(width):
                logs = log_softmax(logits[image, row, column])
                total -= (target[row, column] * logs).sum()
                for y, x in ((row + 1, column), (row, column + 1)):
                    if y < height and x < width:
                        other = log_softmax(logits[image, y, x])
                        variation += np.abs(np.exp(other) - np.exp(logs)).sum()
        cells = height * width
        losses.append(
            total / cells
            + total_variation_weight * variation / (cells * num_classes)
        )
    return np.array(losses)

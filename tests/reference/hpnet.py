"""Slow, obvious NumPy versions of HPNet's parts."""

import numpy as np

from tests.reference import maps


def parsing_logits(features, weights, path):
    """`(batch, height, width, 1)`; `weights` by the path of the variable."""
    hidden = maps.convolve(features, weights[f"{path}/convolution/kernel"])
    hidden = maps.normalise(
        hidden,
        weights[f"{path}/normalisation/gamma"],
        weights[f"{path}/normalisation/beta"],
        weights[f"{path}/normalisation/moving_mean"],
        weights[f"{path}/normalisation/moving_variance"],
    )
    return maps.convolve(
        np.maximum(hidden, 0),
        weights[f"{path}/classifier/kernel"],
        weights[f"{path}/classifier/bias"],
    )


def masked_maximum(features, mask):
    """Of one image: `(channels,)`, and whether any cell is in the mask."""
    pooled, seen = np.zeros(features.shape[-1]), False
    for row in range(mask.shape[0]):
        for column in range(mask.shape[1]):
            if mask[row, column]:
                cell = features[row, column]
                pooled = np.maximum(pooled, cell) if seen else cell
                seen = True
    return pooled, seen


def part_cells(numbers, grid, reduction, num_parts):
    """`numbers` `(batch, height, width)`, 0 the background."""
    batch, height, width = numbers.shape
    cells = np.zeros((batch, *grid, num_parts))
    for i, row, column, part in np.ndindex(*cells.shape):
        if reduction == "nearest":
            r = int((row + 0.5) * height / grid[0])
            c = int((column + 0.5) * width / grid[1])
            shown = numbers[i, r, c] == part + 1
        else:
            down, right = height // grid[0], width // grid[1]
            shown = (
                part + 1
                in (
                    numbers[i, row * down : (row + 1) * down][
                        :, column * right : (column + 1) * right
                    ]
                )
            )
        cells[i, row, column, part] = shown
    return cells


def focal_cell(probability, label):
    """`eta BCE` of one cell."""
    entropy = -np.log(probability if label else 1 - probability)
    off = 1 - probability if label else probability
    return (0.25 if label else 0.75) * off**2 * entropy


def focal_parsing(labels, probabilities, seg_norm):
    """Losses of the images; their mean is the loss."""
    num_images, height, width, num_parts = labels.shape
    losses = np.zeros(num_images)
    for part in range(num_parts):
        counts = labels[..., part].sum(axis=(1, 2))
        for i in range(num_images):
            total = sum(
                focal_cell(
                    probabilities[i, row, column, part],
                    labels[i, row, column, part],
                )
                for row in range(height)
                for column in range(width)
            )
            if seg_norm == "batch":
                losses[i] += num_images * total / max(counts.sum(), 1)
            elif counts[i]:
                losses[i] += total / counts[i]
            elif counts.any():
                losses[i] += total / counts[counts > 0].mean()
            else:
                losses[i] += total
    return losses


def visible_identity(identities, logits, visibility, id_norm):
    """Losses of the images; their mean is the loss."""
    num_images, num_parts = visibility.shape
    losses = np.zeros(num_images)
    for part in range(num_parts):
        seen = visibility[:, part].sum()
        for i in range(num_images):
            powers = np.exp(logits[i, part] - logits[i, part].max())
            entropy = -np.log(powers[identities[i]] / powers.sum())
            weight = visibility[i, part]
            if id_norm == "visible":
                weight = num_images * weight / (seen + 1e-12)
            losses[i] += weight * entropy
    return losses


def visibility_triplet(identities, embeddings, visibility, margin):
    """With the sentinels of the specification."""
    losses = []
    for a, identity in enumerate(identities):
        hardest_positive, hardest_negative = -1e4, 1e4
        for b, other in enumerate(identities):
            common = visibility[a] * visibility[b]
            if a == b or not common.any():
                continue
            parts = np.sqrt(((embeddings[a] - embeddings[b]) ** 2).sum(-1))
            distance = (parts * common).sum() / common.sum()
            if other == identity:
                hardest_positive = max(hardest_positive, distance)
            else:
                hardest_negative = min(hardest_negative, distance)
        losses.append(max(0.0, margin + hardest_positive - hardest_negative))
    return np.array(losses)


def hpnet(maps_of_parts, weights, part_names, threshold, unmasked=False):
    """Outputs at inference, from one feature map a part."""
    logits, parts, seen, embeddings, identity_logits = [], [], [], [], []
    for part, features in zip(part_names, maps_of_parts):
        cells = parsing_logits(features, weights, f"{part}_parsing_head")
        logits.append(cells[..., 0])
        shown = 1 / (1 + np.exp(-logits[-1])) > threshold
        pooled = [masked_maximum(*pair) for pair in zip(features, shown)]
        parts.append(np.array([row for row, _ in pooled]))
        seen.append(np.array([visible for _, visible in pooled]))
        neck = f"{part}_neck"
        embeddings.append(
            maps.normalise(
                parts[-1],
                weights[f"{neck}/normalisation/gamma"],
                0,
                weights[f"{neck}/normalisation/moving_mean"],
                weights[f"{neck}/normalisation/moving_variance"],
            )
        )
        identity_logits.append(
            embeddings[-1] @ weights[f"{neck}/classifier/kernel"]
            + weights[f"{neck}/classifier/bias"]
        )
    seen = np.stack(seen, axis=1).astype("float32")
    embeddings = np.stack(embeddings, axis=1)
    outputs = {
        "embeddings": embeddings,
        "visibility": seen,
        "part_maps": competing_part_maps(np.stack(logits, axis=-1)),
        "part_logits": np.stack(logits, axis=-1),
        "parts": np.stack(parts, axis=1),
        "identity_logits": np.stack(identity_logits, axis=1),
    }
    if unmasked:
        maxima = [features.max(axis=(1, 2)) for features in maps_of_parts]
        outputs["embeddings"] = np.concatenate(
            [np.stack(maxima, axis=1), embeddings], axis=1
        )
        none = np.repeat(~seen.any(axis=1, keepdims=True), seen.shape[1], 1)
        outputs["visibility"] = np.concatenate([none, seen], axis=1)
    return outputs


def competing_part_maps(logits):
    """The background is where no part is; then all sum to 1."""
    result = np.zeros((*logits.shape[:-1], logits.shape[-1] + 1))
    for cell in np.ndindex(*logits.shape[:-1]):
        probabilities = 1 / (1 + np.exp(-logits[cell]))
        background = 1.0
        for probability in probabilities:
            background *= 1 - probability
        shares = np.array([background, *probabilities])
        result[cell] = shares / shares.sum()
    return result

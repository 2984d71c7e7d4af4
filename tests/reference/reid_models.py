"""The part-based models at inference, from feature maps on, slowly.

`weights` are the arrays of a model by the path of its variables.
"""

import numpy as np

from tests.reference import maps
from tests.reference.taylor_difference import (
    focused_features,
    focused_logits,
)


def bpbreid(features, weights, rule, threshold, test_embeddings):
    logits = classified(features, weights)
    part_maps = softmax(logits)
    vectors = pooled_vectors(features, features, part_maps)
    return {
        **compared(
            vectors, part_maps, weights, rule, threshold, test_embeddings
        ),
        "part_logits": logits,
    }


def pab_reid(
    features, weights, fgff, start, gated, rule, threshold, test_embeddings
):
    logits = classified(features, weights)
    part_maps = pooling_maps = softmax(logits)
    part_features = features
    if fgff == "feature":
        part_features = focused_features(
            features,
            weights,
            "focuser",
            start,
            part_maps[..., 1:].max(axis=-1)[..., None] if gated else None,
        )
    if fgff == "map":
        pooling_maps = softmax(
            focused_logits(logits, weights, "focuser", start)
        )
    vectors = pooled_vectors(features, part_features, pooling_maps)
    return {
        **compared(
            vectors, part_maps, weights, rule, threshold, test_embeddings
        ),
        "part_logits": logits,
    }


def pooled_vectors(features, part_features, part_maps):
    """Vectors of the whole image, the foreground and the parts."""
    foreground = part_maps[..., 1:].max(axis=-1)
    return {
        "global": features.mean(axis=(1, 2)),
        "foreground": np.stack(
            [maps.pool(*pair, "grid")[0] for pair in zip(features, foreground)]
        ),
        "parts": np.stack(
            [
                [
                    maps.pool(image, masks[..., part], "mask")[0]
                    for part in range(1, masks.shape[-1])
                ]
                for image, masks in zip(part_features, part_maps)
            ]
        ),
    }


def drop(stages, features, weights, wamp, rule, threshold, test_embeddings):
    fine = upsampled(stages, weights) + encoded(stages[0].shape[1], weights)
    logits = classified(fine, weights)
    part_maps = softmax(logits)
    factor = fine.shape[1] // features.shape[1]
    masks = maps.mean_of_blocks(part_maps, factor)
    pooled = []
    for image, image_masks in zip(features, masks):
        parts = [image_masks[..., k] for k in range(1, masks.shape[-1])]
        foreground = np.max(parts, axis=0)
        everywhere = np.ones_like(foreground)
        rows = []
        for mask in (everywhere, foreground, *parts):
            average, maximum = maps.pool(image, mask, "mask")
            rows.append(
                {
                    "sum": average + maximum,
                    "concat": np.concatenate([average, maximum]),
                    "avg": average,
                }[wamp]
            )
        pooled.append(rows)
    pooled = np.array(pooled)
    vectors = {
        "global": pooled[:, 0],
        "foreground": pooled[:, 1],
        "parts": pooled[:, 2:],
    }
    return {
        **compared(
            vectors, part_maps, weights, rule, threshold, test_embeddings
        ),
        "part_logits": logits,
    }


def upsampled(stages, weights):
    """Recursive fusion by addition, then the 3x3 convolution."""
    fused = None
    for number, stage in reversed(list(enumerate(stages, start=1))):
        reduced = convolution(stage, weights, f"upsampling/reduction_{number}")
        if fused is not None:
            reduced = reduced + maps.resize(
                fused, reduced.shape[1:3], corner_aligned=False
            )
        fused = reduced
    return convolution(fused, weights, "upsampling/smoothing")


def convolution(x, weights, path):
    x = maps.convolve(x, weights[f"{path}/convolution/kernel"])
    return np.maximum(normalised(x, weights, f"{path}/normalisation"), 0)


def encoded(height, weights):
    """`(1, height, 1, channels)` of the position encoder `mlp`."""
    path = "position_encoder/encoder"
    rows = []
    for row in range(height):
        position = 2 * (row + 0.5) / height - 1
        hidden = np.maximum(
            position * weights[f"{path}/hidden/kernel"][0]
            + weights[f"{path}/hidden/bias"],
            0,
        )
        rows.append(
            hidden @ weights[f"{path}/encoding/kernel"]
            + weights[f"{path}/encoding/bias"]
        )
    return np.array(rows)[None, :, None, :]


def classified(features, weights):
    x = normalised(features, weights, "part_classifier/normalisation")
    kernel = weights["part_classifier/classifier/kernel"][0, 0]
    return x @ kernel + weights["part_classifier/classifier/bias"]


def compared(vectors, part_maps, weights, rule, threshold, test_embeddings):
    """From pooled features to embeddings, logits and visibility."""
    outputs, necks = {"part_maps": part_maps}, {}
    for name, vector in vectors.items():
        path = f"{name}_reduction"
        linear = vector @ weights[f"{path}/linear/kernel"]
        linear = linear + weights[f"{path}/linear/bias"]
        outputs[name] = np.maximum(
            normalised(linear, weights, f"{path}/normalisation"), 0
        )
        flat = outputs[name].reshape(len(vector), -1)
        necks[name] = normalised(flat, weights, f"{name}_neck/normalisation")
        kernel = weights[f"{name}_neck/classifier/kernel"]
        outputs[f"{name}_logits"] = necks[name] @ kernel
    seen = maps.visibility(part_maps, rule, threshold)
    embeddings, visibility = [], []
    if "global" in test_embeddings:
        embeddings.append(necks["global"][:, None])
        visibility.append(np.ones((len(seen), 1)))
    if "foreground" in test_embeddings:
        embeddings.append(necks["foreground"][:, None])
        visibility.append(seen[:, :1])
    outputs["embeddings"] = np.concatenate(
        [*embeddings, outputs["parts"]], axis=1
    )
    outputs["visibility"] = np.concatenate([*visibility, seen[:, 1:]], axis=1)
    return outputs


def normalised(x, weights, path):
    return maps.normalise(
        x,
        weights[f"{path}/gamma"],
        weights.get(f"{path}/beta", 0),
        weights[f"{path}/moving_mean"],
        weights[f"{path}/moving_variance"],
    )


def softmax(logits):
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)

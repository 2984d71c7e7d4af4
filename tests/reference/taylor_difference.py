"""The Taylor-difference block at inference, slowly.

`weights` are arrays by the path of their variable, `path` is the block's.
"""

import numpy as np

from tests.reference import maps


def taylor_difference(features, weights, path, gate=None):
    difference = residual_unit(features, weights, f"{path}/first_unit")
    first = np.maximum(difference, 0)
    moved = np.maximum(features + difference, 0)
    second = np.maximum(residual_unit(moved, weights, f"{path}/second_unit"), 0)
    alpha = attention(second, weights, f"{path}/attention", gate)
    kernel = weights[f"{path}/projection/kernel"]
    return 3 * first + second + maps.convolve((1 + alpha) * second, kernel)


def residual_unit(x, weights, path):
    x = maps.convolve(x, weights[f"{path}/inner/convolution/kernel"])
    x = np.maximum(normalised(x, weights, f"{path}/inner/normalisation"), 0)
    x = maps.convolve(x, weights[f"{path}/outer/convolution/kernel"])
    return normalised(x, weights, f"{path}/outer/normalisation")


def attention(second, weights, path, gate=None):
    z = second if gate is None else np.concatenate([second, gate], axis=-1)
    z = normalised(z, weights, f"{path}/input_normalisation")
    for layer in ("hidden", "score"):
        z = maps.convolve(
            z,
            weights[f"{path}/{layer}/kernel"],
            weights[f"{path}/{layer}/bias"],
        )
        if layer == "hidden":
            z = np.maximum(z, 0)
    z = normalised(z, weights, f"{path}/score_normalisation")
    return 1 / (1 + np.exp(-z))


def focused_features(features, weights, path, start, gate=None):
    reduction = f"{path}/reduction"
    reduced = maps.convolve(
        features, weights[f"{reduction}/convolution/kernel"]
    )
    reduced = np.maximum(
        normalised(reduced, weights, f"{reduction}/normalisation"), 0
    )
    sharpened = taylor_difference(
        reduced, weights, f"{path}/taylor_difference", gate
    )
    if start == "no_skip":
        return sharpened
    strength = weights[f"{path}/strength"]
    return (1 - strength) * reduced + strength * sharpened


def focused_logits(logits, weights, path, start):
    sharpened = taylor_difference(logits, weights, f"{path}/taylor_difference")
    if start == "no_skip":
        return sharpened
    return logits + weights[f"{path}/strength"] * sharpened


def normalised(x, weights, path):
    return maps.normalise(
        x,
        *(
            weights[f"{path}/{name}"]
            for name in ("gamma", "beta", "moving_mean", "moving_variance")
        ),
    )

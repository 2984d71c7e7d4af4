"""The names and scales that DINOv2 has in public files, brought to timm's."""

import re

import numpy as np

# Hugging Face's names on the left; those of an ONNX file say less.
_NAMES = (
    (r"^(backbone|dinov2)\.", ""),
    (r"^embeddings\.cls_token$", "cls_token"),
    (r"^embeddings\.position_embeddings$", "pos_embed"),
    (r"^embeddings\.patch_embeddings\.projection\.", "patch_embed.proj."),
    (r"^encoder\.layer\.", "blocks."),
    (r"\.attention\.attention\.", ".attn."),
    (r"\.attention\.output\.dense\.", ".attn.proj."),
    (r"\.layer_scale(\d)\.lambda1$", r".ls\1.gamma"),
    (r"^layernorm\.", "norm."),
)
# As the nodes of an export that take the positions are called.
_EXPORTED_POSITIONS = ("embeddings.Concat_6", "embeddings.Reshape_1")
# The kernel before each scale of a block.
_SCALED = {"ls1": "attn.proj", "ls2": "mlp.fc2"}


def as_timm(arrays):
    """Arrays of DINOv2, from any source, as those of a ViT without scales.

    Args:
        arrays: Dictionary of the arrays of DINOv2's release or timm, of
            Hugging Face, or of an ONNX export of the latter, by name.

    Returns:
        Dictionary by timm's names. The scale of every branch is multiplied
        into the weights before it.
    """
    renamed = {}
    for name, array in arrays.items():
        for pattern, replacement in _NAMES:
            name = re.sub(pattern, replacement, name)
        renamed[name] = array
    if set(_EXPORTED_POSITIONS) <= set(renamed):
        renamed["pos_embed"] = np.concatenate(
            [renamed.pop(name) for name in _EXPORTED_POSITIONS], axis=1
        )
    _join_attention(renamed)
    _multiply_scales(renamed)
    return renamed


def _join_attention(arrays):
    """Queries, keys and values are one array in timm."""
    for name in [name for name in arrays if ".attn.query." in name]:
        parts = [name.replace("query", of) for of in ("query", "key", "value")]
        if all(part in arrays for part in parts):
            joined = np.concatenate([arrays.pop(part) for part in parts])
            arrays[name.replace("query", "qkv")] = joined


def _multiply_scales(arrays):
    for name in [name for name in arrays if name.endswith(".gamma")]:
        path, _, which = name.removesuffix(".gamma").rpartition(".")
        scaled = f"{path}.{_SCALED.get(which)}"
        if f"{scaled}.weight" in arrays and f"{scaled}.bias" in arrays:
            scale = arrays.pop(name)
            arrays[f"{scaled}.weight"] = (
                scale[:, None] * arrays[f"{scaled}.weight"]
            )
            arrays[f"{scaled}.bias"] = scale * arrays[f"{scaled}.bias"]


def resize_bicubic(positions, grid):
    """Position embeddings of another grid, as PyTorch resizes bicubically.

    Args:
        positions: `(rows, columns, dim)` array.
        grid: `(rows, columns)` of the result.

    Returns:
        `(*grid, dim)` array.
    """
    rows, columns = (
        _bicubic_matrix(length, wanted)
        for length, wanted in zip(positions.shape, grid)
    )
    return np.einsum("ri,cj,ijd->rcd", rows, columns, positions)


def _bicubic_matrix(length, wanted):
    """`(wanted, length)` weights, half-pixel, without smoothing before."""
    a = -0.75  # As PyTorch; other libraries have -0.5.
    matrix = np.zeros((wanted, length))
    for row in range(wanted):
        centre = (row + 0.5) * length / wanted - 0.5
        first = int(np.floor(centre)) - 1
        for place in range(first, first + 4):
            x = abs(centre - place)
            if x <= 1:
                weight = (a + 2) * x**3 - (a + 3) * x**2 + 1
            else:
                weight = a * (x**3 - 5 * x**2 + 8 * x - 4)
            matrix[row, np.clip(place, 0, length - 1)] += weight
    return matrix

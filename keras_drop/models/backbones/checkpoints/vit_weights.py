"""The names that ViTs have in public checkpoints."""

import math

import numpy as np

from keras_drop.models.backbones.checkpoints.public_weight import PublicWeight


def timm_weights(backbone, resize=None):
    """`PublicWeight` of every weight but the cameras', by its name in timm.

    Args:
        backbone: `ViTBackbone`.
        resize: From position embeddings `(rows, columns, dim)` and another
            grid to those of that grid; left out, as `TokenEmbedding` does.
    """
    of_torch = PublicWeight.of_torch
    patches = backbone.get_layer("patch_embed-proj")
    weights = {
        **_embedding(backbone, "cls_token", "pos_embed", resize),
        "patch_embed.proj.weight": of_torch(patches.kernel),
        "patch_embed.proj.bias": of_torch(patches.bias),
    }
    for index in range(backbone.num_layers):
        for name in ("norm1", "attn", "norm2", "mlp-fc1", "mlp-fc2"):
            layer = backbone.get_layer(f"blocks-{index}-{name}")
            path = layer.name.replace("-", ".")
            if name == "attn":
                weights.update(_timm_attention(layer, path))
            elif name.startswith("norm"):
                weights[f"{path}.weight"] = of_torch(layer.gamma)
                weights[f"{path}.bias"] = of_torch(layer.beta)
            else:
                weights[f"{path}.weight"] = of_torch(layer.kernel)
                weights[f"{path}.bias"] = of_torch(layer.bias)
    norm = backbone.get_layer("norm")
    weights["norm.weight"] = of_torch(norm.gamma)
    weights["norm.bias"] = of_torch(norm.beta)
    return weights


def google_weights(backbone):
    """The same by its name in the `.npz` files of Google's ViT."""
    position = "Transformer/posembed_input/pos_embedding"
    weights = {
        **_embedding(backbone, "cls", position),
        **_google_kernel(backbone.get_layer("patch_embed-proj"), "embedding"),
    }
    for index in range(backbone.num_layers):
        path = f"Transformer/encoderblock_{index}"
        attention = f"{path}/MultiHeadDotProductAttention_1"
        layers = {
            name: backbone.get_layer(f"blocks-{index}-{name}")
            for name in ("norm1", "attn", "norm2", "mlp-fc1", "mlp-fc2")
        }
        weights.update(_google_scale(layers["norm1"], f"{path}/LayerNorm_0"))
        for name, layer in (
            ("query", layers["attn"].query_dense),
            ("key", layers["attn"].key_dense),
            ("value", layers["attn"].value_dense),
            ("out", layers["attn"].output_dense),
        ):
            weights.update(_google_kernel(layer, f"{attention}/{name}"))
        weights.update(_google_scale(layers["norm2"], f"{path}/LayerNorm_2"))
        for number, name in enumerate(("mlp-fc1", "mlp-fc2")):
            name_there = f"{path}/MlpBlock_3/Dense_{number}"
            weights.update(_google_kernel(layers[name], name_there))
    norm = backbone.get_layer("norm")
    weights.update(_google_scale(norm, "Transformer/encoder_norm"))
    return weights


def _embedding(backbone, class_token, positions, resize=None):
    """Class token and positions, whose shapes are those of both sources."""
    layer = backbone.get_layer("token_embedding")
    dim = backbone.hidden_dim

    def expected(found):
        rows, columns = _grid(found, backbone.token_grid)
        return 1, 1 + rows * columns, dim

    def assign(array):
        grid = _grid(array.shape, backbone.token_grid)
        layer.class_position.assign(array[0, 0])
        cells = array[0, 1:].reshape(*grid, dim)
        if resize is not None:
            cells = resize(cells, backbone.token_grid)
        layer.assign_positions(cells)

    return {
        class_token: PublicWeight.of(layer.class_token, (1, 1, dim)),
        positions: PublicWeight(expected, assign),
    }


def _grid(shape, own_grid):
    """Rows and columns of the positions in a file; images there are square."""
    if len(shape) == 3 and shape[1] > 1:
        side = math.isqrt(shape[1] - 1)
        if side**2 == shape[1] - 1:
            return side, side
    return own_grid


def _timm_attention(layer, path):
    dim, heads, head_dim = layer.query_dense.kernel.shape
    inputs = layer.query_dense, layer.key_dense, layer.value_dense
    output = layer.output_dense

    def assign_kernels(array):
        for dense, part in zip(inputs, np.split(array, 3)):
            dense.kernel.assign(part.T.reshape(dim, heads, head_dim))

    def assign_biases(array):
        for dense, part in zip(inputs, np.split(array, 3)):
            dense.bias.assign(part.reshape(heads, head_dim))

    def assign_output(array):
        output.kernel.assign(array.T.reshape(heads, head_dim, dim))

    of_shape = PublicWeight.of_shape
    return {
        f"{path}.qkv.weight": of_shape((3 * dim, dim), assign_kernels),
        f"{path}.qkv.bias": of_shape((3 * dim,), assign_biases),
        f"{path}.proj.weight": of_shape((dim, dim), assign_output),
        f"{path}.proj.bias": PublicWeight.of(output.bias),
    }


def _google_kernel(layer, path):
    return {
        f"{path}/kernel": PublicWeight.of(layer.kernel),
        f"{path}/bias": PublicWeight.of(layer.bias),
    }


def _google_scale(layer, path):
    return {
        f"{path}/scale": PublicWeight.of(layer.gamma),
        f"{path}/bias": PublicWeight.of(layer.beta),
    }

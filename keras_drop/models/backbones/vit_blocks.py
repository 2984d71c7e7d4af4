"""What a ViT is made of: functions from graph tensors to graph tensors.

Layers have the public names of timm, with `-` for `.`.
"""

import keras


def embed_patches(images, hidden_dim, size, stride, dtype):
    """`(batch, rows, columns, hidden_dim)`; patches overlap if they stride.

    Pixels to the right of the last whole patch and below it are not seen.
    """
    return keras.layers.Conv2D(
        hidden_dim,
        size,
        stride,
        padding="valid",
        kernel_initializer="lecun_normal",
        dtype=dtype,
        name="patch_embed-proj",
    )(images)


def transformer_block(
    tokens, index, num_heads, mlp_dim, drop_path_rate, epsilon, dtype
):
    """Attention, then an MLP, each on normalised tokens and added to them."""
    path, dim = f"blocks-{index}", tokens.shape[-1]
    x = normalise(tokens, epsilon, f"{path}-norm1", dtype)
    x = keras.layers.MultiHeadAttention(
        num_heads,
        dim // num_heads,
        kernel_initializer=_initializer(),
        dtype=dtype,
        name=f"{path}-attn",
    )(x, x)
    x = _drop_path(x, drop_path_rate, f"{path}-drop_path1", dtype)
    tokens = keras.layers.Add(dtype=dtype, name=f"{path}-add1")([tokens, x])
    x = normalise(tokens, epsilon, f"{path}-norm2", dtype)
    for name, units, activation in (
        ("fc1", mlp_dim, "gelu"),
        ("fc2", dim, None),
    ):
        x = keras.layers.Dense(
            units,
            activation,
            kernel_initializer=_initializer(),
            dtype=dtype,
            name=f"{path}-mlp-{name}",
        )(x)
    x = _drop_path(x, drop_path_rate, f"{path}-drop_path2", dtype)
    return keras.layers.Add(dtype=dtype, name=f"block_{index + 1}")([tokens, x])


def normalise(tokens, epsilon, name, dtype):
    """Layer normalisation of each token."""
    return keras.layers.LayerNormalization(
        epsilon=epsilon, dtype=dtype, name=name
    )(tokens)


def _drop_path(x, rate, name, dtype):
    """Leaves a branch out for some images of a training batch."""
    return keras.layers.Dropout(
        rate, noise_shape=(None, 1, 1), dtype=dtype, name=name
    )(x)


def _initializer():
    return keras.initializers.TruncatedNormal(stddev=0.02)

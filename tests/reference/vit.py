"""A slow, obvious vision transformer in NumPy, with timm's names of weights."""

import math

import numpy as np

from tests.reference import maps


def shapes(grid, patch, dim, layers, mlp_dim, classes=5):
    """Name and shape of every array in a public file, with its classifier."""
    result = {
        "cls_token": (1, 1, dim),
        "pos_embed": (1, 1 + grid[0] * grid[1], dim),
        "patch_embed.proj.weight": (dim, 3, patch, patch),
        "patch_embed.proj.bias": (dim,),
    }
    for k in range(layers):
        for name, outputs, inputs in (
            ("norm1", dim, None),
            ("attn.qkv", 3 * dim, dim),
            ("attn.proj", dim, dim),
            ("norm2", dim, None),
            ("mlp.fc1", mlp_dim, dim),
            ("mlp.fc2", dim, mlp_dim),
        ):
            shape = (outputs, inputs) if inputs else (outputs,)
            result[f"blocks.{k}.{name}.weight"] = shape
            result[f"blocks.{k}.{name}.bias"] = (outputs,)
    return {
        **result,
        "norm.weight": (dim,),
        "norm.bias": (dim,),
        "head.weight": (classes, dim),
        "head.bias": (classes,),
    }


def draw(shapes, seed=0):
    """An array for each name; scales are near one, all else shows as well."""
    rng = np.random.default_rng(seed)
    return {
        name: rng.normal(
            1.0 if "norm" in name and name.endswith("weight") else 0.0,
            0.3,
            shape,
        ).astype("float32")
        for name, shape in shapes.items()
    }


def google(state, num_heads):
    """The same arrays under the names, and in the layout, of Google's files."""
    dim = state["cls_token"].shape[-1]
    result = {
        "cls": state["cls_token"],
        "embedding/kernel": np.einsum(
            "oihw->hwio", state["patch_embed.proj.weight"]
        ),
        "embedding/bias": state["patch_embed.proj.bias"],
        "head/kernel": state["head.weight"].T,
        "head/bias": state["head.bias"],
        "pre_logits/bias": np.zeros(7, "float32"),
        "Transformer/posembed_input/pos_embedding": state["pos_embed"],
        "Transformer/encoder_norm/scale": state["norm.weight"],
        "Transformer/encoder_norm/bias": state["norm.bias"],
    }
    size = dim // num_heads
    for name, array in state.items():
        if not name.startswith("blocks."):
            continue
        _, k, rest = name.split(".", 2)
        path = f"Transformer/encoderblock_{k}"
        attention = f"{path}/MultiHeadDotProductAttention_1"
        layer, kind = rest.rsplit(".", 1)
        if layer in ("norm1", "norm2"):
            number = {"norm1": 0, "norm2": 2}[layer]
            kind = {"weight": "scale", "bias": "bias"}[kind]
            result[f"{path}/LayerNorm_{number}/{kind}"] = array
        elif layer in ("mlp.fc1", "mlp.fc2"):
            number = {"mlp.fc1": 0, "mlp.fc2": 1}[layer]
            kind = {"weight": "kernel", "bias": "bias"}[kind]
            result[f"{path}/MlpBlock_3/Dense_{number}/{kind}"] = array.T
        elif rest == "attn.proj.weight":
            kernel = array.T.reshape(num_heads, size, dim)
            result[f"{attention}/out/kernel"] = kernel
        elif rest == "attn.proj.bias":
            result[f"{attention}/out/bias"] = array
        else:
            for j, part in enumerate(("query", "key", "value")):
                rows = array[j * dim : (j + 1) * dim]
                if kind == "weight":
                    kernel = rows.T.reshape(dim, num_heads, size)
                    result[f"{attention}/{part}/kernel"] = kernel
                else:
                    bias = rows.reshape(num_heads, size)
                    result[f"{attention}/{part}/bias"] = bias
    return result


def features(
    state, images, num_heads, stride, epsilon=1e-6, grid=None, added=None
):
    """Tokens after every block and after the last normalisation, by name.

    The positions in `state` belong to `grid`, if given. `added` is one vector
    an image for all its tokens. The scales of DINOv2 are in `state`, or not.
    """
    results = [
        _of_image(
            state,
            image,
            num_heads,
            stride,
            epsilon,
            grid,
            0 if added is None else added[k],
        )
        for k, image in enumerate(images.astype("float64"))
    ]
    return {
        name: np.stack([result[name] for result in results])
        for name in results[0]
    }


def _of_image(state, image, num_heads, stride, epsilon, grid, added):
    kernel = state["patch_embed.proj.weight"]
    size = kernel.shape[-1]
    tops = range(0, image.shape[0] - size + 1, stride)
    lefts = range(0, image.shape[1] - size + 1, stride)
    positions = state["pos_embed"][0].astype("float64")
    if grid is not None:
        table = positions[1:].reshape(1, *grid, -1)
        table = maps.resize(table, (len(tops), len(lefts)), False)
        positions = np.concatenate(
            [positions[:1], table.reshape(-1, table.shape[-1])]
        )
    tokens = [state["cls_token"][0, 0] + positions[0] + added]
    for top in tops:
        for left in lefts:
            patch = image[top : top + size, left : left + size]
            token = state["patch_embed.proj.bias"].astype("float64")
            for channel in range(3):
                token = token + np.sum(
                    kernel[:, channel] * patch[:, :, channel], axis=(1, 2)
                )
            tokens.append(token + positions[len(tokens)] + added)
    tokens, result = np.array(tokens), {}
    layers = {name.split(".")[1] for name in state if "blocks" in name}
    for k in range(len(layers)):
        path = f"blocks.{k}"
        x = normalised(tokens, state, f"{path}.norm1", epsilon)
        scale = state.get(f"{path}.ls1.gamma", 1.0)
        tokens = tokens + scale * attention(x, state, f"{path}.attn", num_heads)
        x = normalised(tokens, state, f"{path}.norm2", epsilon)
        x = gelu(linear(x, state, f"{path}.mlp.fc1"))
        scale = state.get(f"{path}.ls2.gamma", 1.0)
        tokens = tokens + scale * linear(x, state, f"{path}.mlp.fc2")
        result[f"block_{k + 1}"] = tokens
    tokens = normalised(tokens, state, "norm", epsilon)
    return {
        **result,
        "tokens": tokens,
        "class_token": tokens[0],
        "patch_tokens": tokens[1:],
    }


def attention(x, state, path, num_heads):
    """Every token asks every token, head by head."""
    queries, keys, values = np.split(linear(x, state, f"{path}.qkv"), 3, axis=1)
    size = x.shape[1] // num_heads
    answers = np.zeros_like(x)
    for head in range(num_heads):
        part = slice(head * size, (head + 1) * size)
        for n, query in enumerate(queries):
            scores = np.array([query[part] @ key[part] for key in keys])
            weights = np.exp(scores / math.sqrt(size))
            weights /= weights.sum()
            for weight, value in zip(weights, values):
                answers[n, part] += weight * value[part]
    return linear(answers, state, f"{path}.proj")


def linear(x, state, path):
    return (
        x @ state[f"{path}.weight"].T.astype("float64") + state[f"{path}.bias"]
    )


def normalised(x, state, path, epsilon):
    centred = x - x.mean(axis=1, keepdims=True)
    variance = (centred**2).mean(axis=1, keepdims=True)
    scaled = centred / np.sqrt(variance + epsilon)
    return scaled * state[f"{path}.weight"] + state[f"{path}.bias"]


def gelu(x):
    return x * 0.5 * (1 + np.vectorize(math.erf)(x / math.sqrt(2)))

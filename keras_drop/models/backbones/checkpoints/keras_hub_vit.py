"""Weights of KerasHub's ViT, which knows one image size and no overlap."""

import keras_hub
from keras import ops


def load_keras_hub_vit(backbone, source):
    """Gives a ViT the weights of one of KerasHub's, made for any image size.

    Position embeddings are resized to the backbone's grid of patches. Camera
    embeddings stay as they are.

    Args:
        backbone: `ViTBackbone` of this library.
        source: `keras_hub.models.ViTBackbone`, such as
            `ViTBackbone.from_preset("vit_base_patch16_224_imagenet")` makes.

    Raises:
        ValueError: Another class, or a ViT of other sizes; the first
            difference is in the message. No weight has changed then.

    Example:
    >>> from keras_drop.models import load_keras_hub_vit
    >>> import keras_hub
    >>> from keras_drop.models.backbones import ViTBackbone
    >>> sizes = {"num_layers": 1, "num_heads": 2, "hidden_dim": 8}
    >>> source = keras_hub.models.ViTBackbone(
    ...     (32, 32, 3), 16, mlp_dim=32, **sizes)
    >>> backbone = ViTBackbone((64, 32, 3), patch_stride=8, **sizes)
    >>> load_keras_hub_vit(backbone, source)

    Reference:
        [Dosovitskiy et al., 2020](https://arxiv.org/abs/2010.11929)
    """
    _check(backbone, source)
    embedding = source.get_layer("vit_patching_and_embedding")
    _copy(embedding.patch_embedding, backbone, "patch_embed-proj")
    tokens = backbone.get_layer("token_embedding")
    positions = ops.convert_to_tensor(embedding.position_embedding.embeddings)
    tokens.class_token.assign(embedding.class_token[0, 0])
    tokens.class_position.assign(positions[0])
    grid = [
        length // size
        for length, size in zip(source.image_shape, source.patch_size)
    ]
    tokens.assign_positions(
        ops.reshape(positions[1:], (*grid, backbone.hidden_dim))
    )
    encoder = source.get_layer("vit_encoder")
    for index, block in enumerate(encoder.encoder_layers):
        for layer, name in (
            (block.layer_norm_1, "norm1"),
            (block.mha, "attn"),
            (block.layer_norm_2, "norm2"),
            (block.mlp.dense_1, "mlp-fc1"),
            (block.mlp.dense_2, "mlp-fc2"),
        ):
            _copy(layer, backbone, f"blocks-{index}-{name}")
    _copy(encoder.layer_norm, backbone, "norm")


def _copy(layer, backbone, name):
    backbone.get_layer(name).set_weights(layer.get_weights())


def _check(backbone, source):
    if not isinstance(source, keras_hub.models.ViTBackbone):
        raise ValueError(
            "The source is a `keras_hub.models.ViTBackbone`, received "
            f"{type(source).__name__}. `load_checkpoint` reads files."
        )
    expected = {
        "hidden_dim": backbone.hidden_dim,
        "num_layers": backbone.num_layers,
        "num_heads": backbone.num_heads,
        "mlp_dim": int(backbone.mlp_ratio * backbone.hidden_dim),
        "patch_size": (backbone.patch_size, backbone.patch_size),
        "data_format": "channels_last",
        "use_class_token": True,
        "use_patch_bias": True,
        "use_mha_bias": True,
        "use_mlp_bias": True,
    }
    for name, value in expected.items():
        found = getattr(source, name)
        found = tuple(found) if name == "patch_size" else found
        if found != value:
            raise ValueError(
                f"This ViT of KerasHub does not fit the backbone. First "
                f"difference: `{name}` should be {value}, it is {found}. "
                "Build the backbone with its sizes."
            )

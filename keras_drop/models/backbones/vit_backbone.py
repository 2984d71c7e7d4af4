import keras
import keras_hub
import numpy as np

from keras_drop.layers import CameraEmbedding, TokenEmbedding
from keras_drop.models.backbones.vit_arguments import (
    check_image_shape,
    check_numbers,
)
from keras_drop.models.backbones.vit_blocks import (
    embed_patches,
    normalise,
    transformer_block,
)
from keras_drop.registration import register


@register
class ViTBackbone(keras_hub.models.Backbone):
    """Vision transformer for images of any size, with patches that overlap.

    The image is cut into patches; with a `patch_stride` below `patch_size`
    they overlap. Pixels right of the last whole patch and below it are not
    seen. Position embeddings belong to the grid of patches: a preset or a
    checkpoint of another grid is loaded with resized ones. In training whole
    branches are left out per image (drop path), the more often the later the
    block.

    With `num_cameras` the backbone takes a dictionary of `images` and
    `cameras`, and adds to all tokens the embedding of the image's camera
    (TransReID's SIE); see `CameraEmbedding` for unknown cameras.

    The layers are named as in timm, with `-` for `.`, so that
    `load_checkpoint` finds them. `load_keras_hub_vit` copies the weights of
    KerasHub's ViT.

    Args:
        image_shape: `(height, width, 3)`.
        patch_size: Height and width of a patch, in pixels.
        patch_stride: Pixels from one patch to the next; left out, the
            `patch_size`.
        hidden_dim: Length of a token; a multiple of `num_heads`.
        num_layers: Number of blocks.
        num_heads: Attention heads of a block.
        mlp_ratio: Size of the hidden layer of a block, in `hidden_dim`.
        drop_path_rate: Share of images for which the last block's branches
            are left out in training, in `[0, 1)`. It rises linearly from 0
            in the first block.
        layer_norm_epsilon: Added to the variance in layer normalisations.
        num_cameras: Cameras of the training set; 0 for no camera embedding.
        camera_coefficient: What camera embeddings are multiplied by.
        name: Name of the model.
        trainable: Whether the weights are trained.
        dtype: Type or type policy of the layers.

    Call arguments:
        images: `(batch, height, width, 3)`, already normalised, as
            `image_mean` and `image_deviation` say; with `num_cameras` the
            dictionary of them and `cameras` `(batch,)`.

    Returns:
        Dictionary, also found as `feature_outputs`, of

        - `tokens`: `(batch, 1 + rows * columns, hidden_dim)`, after the last
          layer normalisation.
        - `class_token`: `(batch, hidden_dim)`, the first of them.
        - `patch_tokens`: `(batch, rows * columns, hidden_dim)`, the others,
          row by row.
        - `block_1`, `block_2`, …: as `tokens`, after this block.

        `token_grid` is `(rows, columns)`.

    Raises:
        ValueError: An image size that is not fixed or smaller than a patch,
            heads that do not divide `hidden_dim`, a number out of its range.

    Example:
    >>> from keras_drop.models.backbones.vit_backbone import ViTBackbone
    >>> backbone = ViTBackbone(
    ...     image_shape=(128, 64, 3),
    ...     patch_stride=12,
    ...     hidden_dim=192,
    ...     num_layers=4,
    ...     num_heads=3,
    ... )
    >>> backbone.token_grid, backbone.feature_outputs["block_2"].shape
    ((10, 5), (None, 51, 192))

    Reference:
        [Dosovitskiy et al., 2020](https://arxiv.org/abs/2010.11929),
        [He et al., 2021](https://arxiv.org/abs/2102.04378)
    """

    # As the public weights were trained, of pixel values from 0 to 1.
    image_mean = (0.5,) * 3
    image_deviation = (0.5,) * 3

    def __init__(
        self,
        image_shape=(256, 128, 3),
        patch_size=16,
        patch_stride=None,
        hidden_dim=768,
        num_layers=12,
        num_heads=12,
        mlp_ratio=4,
        drop_path_rate=0.1,
        layer_norm_epsilon=1e-6,
        num_cameras=0,
        camera_coefficient=3.0,
        name=None,
        trainable=True,
        dtype=None,
    ):
        check_image_shape(image_shape, patch_size)
        stride = patch_size if patch_stride is None else patch_stride
        check_numbers(
            patch_stride=(stride, 0 < stride <= patch_size),
            hidden_dim=(hidden_dim, hidden_dim % num_heads == 0),
            num_layers=(num_layers, num_layers > 0),
            drop_path_rate=(drop_path_rate, 0 <= drop_path_rate < 1),
            num_cameras=(num_cameras, num_cameras >= 0),
        )
        images = keras.Input(image_shape, name="images")
        patches = embed_patches(images, hidden_dim, patch_size, stride, dtype)
        tokens = TokenEmbedding(dtype=dtype, name="token_embedding")(patches)
        inputs = images
        if num_cameras:
            cameras = keras.Input((), dtype="int32", name="cameras")
            inputs = {"images": images, "cameras": cameras}
            tokens = CameraEmbedding(
                num_cameras,
                camera_coefficient,
                dtype=dtype,
                name="camera_embedding",
            )(tokens, cameras)
        blocks = {}
        for index, rate in enumerate(
            np.linspace(0, drop_path_rate, num_layers).tolist()
        ):
            tokens = transformer_block(
                tokens,
                index,
                num_heads,
                int(mlp_ratio * hidden_dim),
                rate,
                layer_norm_epsilon,
                dtype,
            )
            blocks[f"block_{index + 1}"] = tokens
        tokens = normalise(tokens, layer_norm_epsilon, "norm", dtype)
        features = {
            "tokens": tokens,
            "class_token": tokens[:, 0],
            "patch_tokens": tokens[:, 1:],
            **blocks,
        }
        super().__init__(
            inputs=inputs,
            outputs=features,
            name=name,
            trainable=trainable,
            dtype=dtype,
        )
        self.image_shape = image_shape
        self.patch_size = patch_size
        self.patch_stride = patch_stride
        self.hidden_dim = hidden_dim
        self.num_layers = num_layers
        self.num_heads = num_heads
        self.mlp_ratio = mlp_ratio
        self.drop_path_rate = drop_path_rate
        self.layer_norm_epsilon = layer_norm_epsilon
        self.num_cameras = num_cameras
        self.camera_coefficient = camera_coefficient
        self.feature_outputs = features
        self.token_grid = tuple(patches.shape[1:3])

    def get_config(self):
        return {
            **super().get_config(),
            "image_shape": self.image_shape,
            "patch_size": self.patch_size,
            "patch_stride": self.patch_stride,
            "hidden_dim": self.hidden_dim,
            "num_layers": self.num_layers,
            "num_heads": self.num_heads,
            "mlp_ratio": self.mlp_ratio,
            "drop_path_rate": self.drop_path_rate,
            "layer_norm_epsilon": self.layer_norm_epsilon,
            "num_cameras": self.num_cameras,
            "camera_coefficient": self.camera_coefficient,
        }

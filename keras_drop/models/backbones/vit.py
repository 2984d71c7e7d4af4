"""Two ViTs, untrained; images are already normalised."""

from keras_drop.models.backbones.checkpoints.checkpoint_format import (
    CheckpointFormat,
)
from keras_drop.models.backbones.checkpoints.vit_weights import (
    google_weights,
    timm_weights,
)
from keras_drop.models.backbones.image_shape import image_shape_of
from keras_drop.models.backbones.named_backbones import named_backbone
from keras_drop.models.backbones.vit_backbone import ViTBackbone


def _released_weights(backbone, path):
    if path.suffix == ".npz":
        return google_weights(backbone)
    return timm_weights(backbone)


_RELEASES = CheckpointFormat(
    ViTBackbone,
    _released_weights,
    unused=("head.", "pre_logits.", "head/", "pre_logits/"),
)


@named_backbone("tokens", _RELEASES)
def vit_b16(
    image_size,
    patch_stride=None,
    num_cameras=0,
    drop_path_rate=0.1,
    name="vit_b16",
):
    """ViT-B/16, the backbone of TransReID and DPEFormer.

    Weights: `load_checkpoint` reads those of timm and Google. KerasHub's
    presets go through `load_keras_hub_vit`.

    Args:
        image_size: `(height, width)`, of any size.
        patch_stride: Pixels from one patch of 16 pixels to the next; 12 makes
            patches that overlap. Left out, 16.
        num_cameras: Cameras of the training set; 0 for no camera embedding.
        drop_path_rate: Of the last block; see `ViTBackbone`.
        name: Name of the model.

    Returns:
        `ViTBackbone` of 12 blocks with 12 heads, and tokens of 768 numbers.

    Raises:
        ValueError: `image_size` is no pair, or what `ViTBackbone` refuses.

    Example:
    >>> from keras_drop.models import vit_b16
    >>> backbone = vit_b16((256, 128))
    >>> backbone.token_grid, backbone.count_params()
    ((16, 8), 85746432)

    Reference:
        [Dosovitskiy et al., 2020](https://arxiv.org/abs/2010.11929)
    """
    return ViTBackbone(
        image_shape=image_shape_of(image_size),
        patch_stride=patch_stride,
        drop_path_rate=drop_path_rate,
        num_cameras=num_cameras,
        name=name,
    )


@named_backbone("tokens", _RELEASES)
def vit_small(
    image_size,
    patch_size=16,
    patch_stride=None,
    num_cameras=0,
    drop_path_rate=0.1,
    name="vit_small",
):
    """A ViT of four blocks, for small runs.

    Args:
        image_size: `(height, width)`, of any size.
        patch_size: Height and width of a patch. An image of 128 x 64 pixels
            has 8 x 4 patches of 16 pixels, and 16 x 8 of 8.
        patch_stride: Pixels from one patch to the next; left out, the
            `patch_size`.
        num_cameras: Cameras of the training set; 0 for no camera embedding.
        drop_path_rate: Of the last block; see `ViTBackbone`.
        name: Name of the model.

    Returns:
        `ViTBackbone` of 4 blocks with 3 heads, and tokens of 192 numbers.

    Raises:
        ValueError: `image_size` is no pair, or what `ViTBackbone` refuses.

    Example:
    >>> from keras_drop.models import vit_small
    >>> vit_small((128, 64), patch_size=8).token_grid
    (16, 8)

    Reference:
        [Dosovitskiy et al., 2020](https://arxiv.org/abs/2010.11929)
    """
    return ViTBackbone(
        image_shape=image_shape_of(image_size),
        patch_size=patch_size,
        patch_stride=patch_stride,
        hidden_dim=192,
        num_layers=4,
        num_heads=3,
        drop_path_rate=drop_path_rate,
        num_cameras=num_cameras,
        name=name,
    )

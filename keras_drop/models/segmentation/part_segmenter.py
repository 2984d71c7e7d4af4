"""KerasHub's DeepLabV3+ for crops of people."""

import keras
import keras_hub

from keras_drop.layers.batch_normalization import (
    own_batch_normalizations,
)
from keras_drop.models.segmentation.stride_pyramid import StridePyramid

# A third of DeepLab's own, which are for images three times as large: the
# coarsest map of a crop has only 16 x 8 cells.
_DILATION_RATES = (2, 4, 6)


def part_segmenter(backbone, num_parts):
    """DeepLabV3+ that tells apart the body parts in a crop of a person.

    Args:
        backbone: ResNet or HRNet of one image size, untrained or with
            weights; see `BACKBONES` and `load_checkpoint`.
        num_parts: Number of body parts, without the background.

    Returns:
        `keras.Model` from `(batch, height, width, 3)` RGB pixel values in
        `[0, 255]` to `(batch, height, width, 1 + num_parts)` logits,
        background first.

    Raises:
        ValueError: A backbone without four maps, or without a fixed size.

    Example:
    >>> from keras_drop.models import part_segmenter
    >>> from keras_drop.models import resnet18
    >>> part_segmenter(resnet18((64, 32)), num_parts=14).output_shape
    (None, 64, 32, 15)

    Reference:
        [Chen et al., 2018](https://arxiv.org/abs/1802.02611)
    """
    pyramid = StridePyramid(backbone, name="pyramid")
    coarsest = max(pyramid.pyramid_outputs)
    deeplab = keras_hub.models.DeepLabV3Backbone(
        image_encoder=pyramid,
        spatial_pyramid_pooling_key=coarsest,
        upsampling_size=2 ** (int(coarsest[1:]) - 2),
        dilation_rates=list(_DILATION_RATES),
        low_level_feature_key="P2",
        image_shape=tuple(backbone.image_shape),
    )
    segmenter = keras_hub.models.DeepLabV3ImageSegmenter(
        deeplab, num_classes=1 + num_parts, compile=False
    )
    # `fit` of KerasHub's own class takes no `keras.utils.PyDataset`.
    model = keras.Model(
        segmenter.inputs, segmenter.outputs[0], name="part_segmenter"
    )
    own_batch_normalizations(model)
    return model

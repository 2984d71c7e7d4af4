from keras_drop.models.backbones.vit_backbone import ViTBackbone
from keras_drop.registration import register


@register
class DINOv2Backbone(ViTBackbone):
    """A ViT for the weights of DINOv2, which learnt without labels.

    It is `ViTBackbone`, with all its arguments: the scale that DINOv2 learns
    for every branch is multiplied into the last kernel of the branch when
    weights are loaded, so features are the same. Other than a ViT of the
    classification releases it sees images normalised by ImageNet's mean and
    deviation, and its position embeddings are resized bicubically.

    Args:
        **kwargs: As of `ViTBackbone`.

    Example:
    >>> from keras_drop.models import dinov2_vit_small14
    >>> dinov2_vit_small14((224, 112)).image_deviation
    (0.229, 0.224, 0.225)

    Reference:
        [Oquab et al., 2023](https://arxiv.org/abs/2304.07193)
    """

    # As its public weights were trained, of pixel values from 0 to 1.
    image_mean = (0.485, 0.456, 0.406)
    image_deviation = (0.229, 0.224, 0.225)

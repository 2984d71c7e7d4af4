import keras

from keras_drop.checks import checked_choice
from keras_drop.losses import Centre, IdentityCrossEntropy, PartAveragedTriplet
from keras_drop.models.base.identity_losses import identity_centres
from keras_drop.models.base.reid_map import image_pyramid, reid_map
from keras_drop.models.base.reid_task import ReIDTask
from keras_drop.models.baselines.global_descriptor import (
    COSINE_TERMS,
    GLOBAL_LOSS_WEIGHTS,
    global_descriptor,
    global_terms,
)
from keras_drop.registration import register

_POOLINGS = {
    "average": keras.layers.GlobalAveragePooling2D,
    "max": keras.layers.GlobalMaxPooling2D,
}


@register
class GlobalBaseline(ReIDTask):
    """One embedding of the whole image: what parts have to beat.

    The mean of the last feature map, or its maxima, feeds a batch-hard triplet
    loss, and through a batch normalisation neck the identity loss; the
    normalised embedding is compared.

    Args:
        backbone: Feature-pyramid backbone built for one image size, such as
            `keras_drop.models.resnet50((256, 128))`.
        num_identities: People in the training set.
        reid_stride: Stride of the pooled map; 16, 8 or 4.
        pooling: `"average"`, or `"max"`, the largest value of every channel,
            as of the baseline that HPNet's paper compares with.
        term_losses: As of `ReIDTask`.
        loss_weights: As of `ReIDTask`.
        preprocessor: As of `ReIDTask`.
        name: Name of the model.

    Returns:
        Outputs `embeddings` `(batch, 1, dim)`, `visibility` `(batch, 1)`,
        all one, `global` `(batch, dim)` before the neck, and
        `global_logits` `(batch, num_identities)`.

    Example:
    >>> import numpy as np
    >>> from keras_drop.models import GlobalBaseline, resnet18
    >>> model = GlobalBaseline(resnet18((64, 32)), num_identities=3)
    >>> model.embed(np.zeros((2, 80, 40, 3), "uint8"))
    Descriptors(2 images, 1 x 512)

    Reference:
        [Luo et al., 2019](https://arxiv.org/abs/1903.07071)
    """

    DEFAULT_LOSS_WEIGHTS = GLOBAL_LOSS_WEIGHTS
    COSINE_TERMS = COSINE_TERMS

    def __init__(
        self,
        backbone,
        num_identities,
        reid_stride=16,
        pooling="average",
        term_losses=None,
        loss_weights=None,
        preprocessor=None,
        name=None,
    ):
        checked_choice("pooling", pooling, _POOLINGS)
        images, stages = image_pyramid(backbone)
        features = reid_map(backbone, stages, reid_stride)
        pooled = _POOLINGS[pooling](dtype="float32", name="global")(features)
        losses = {**self.default_term_losses(), **(term_losses or {})}
        super().__init__(
            images,
            global_descriptor(pooled, num_identities, losses),
            backbone=backbone,
            embedding_names=("global",),
            term_losses=losses,
            loss_weights=loss_weights,
            preprocessor=preprocessor,
            name=name,
        )
        self.num_identities = num_identities
        self.centres = identity_centres(
            self,
            "global_centre",
            num_identities,
            self.output["global"].shape[-1],
        )
        self.reid_stride = reid_stride
        self.pooling = pooling

    @classmethod
    def default_term_losses(cls, **switches):
        """Smoothed cross-entropy, and the triplet loss with its margin."""
        return {
            "global_identity": IdentityCrossEntropy(),
            "global_centre": Centre(),
            "global_triplet": PartAveragedTriplet(),
        }

    def loss_terms(self, targets, outputs, training):
        """Identity, triplet and centre loss of the one embedding."""
        return global_terms(self, targets["identities"], outputs, training)

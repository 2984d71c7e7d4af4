import keras

from keras_drop.checks import checked_share
from keras_drop.models.base.reid_map import image_pyramid, reid_map
from keras_drop.models.base.reid_task import ReIDTask
from keras_drop.models.baselines.global_descriptor import (
    GLOBAL_LOSSES,
    global_descriptor,
    global_terms,
)
from keras_drop.registration import register


@register
class GlobalBaseline(ReIDTask):
    """One embedding of the whole image: what parts have to beat.

    The mean of the last feature map feeds a batch-hard triplet loss, and
    through a batch normalisation neck the identity loss; the normalised
    embedding is compared.

    Args:
        backbone: Feature-pyramid backbone built for one image size, such as
            `keras_drop.models.resnet50((256, 128))`.
        num_identities: People in the training set.
        reid_stride: Stride of the pooled map; 16, 8 or 4 with HRNet.
        triplet_margin: Margin of the triplet loss; 0 or less selects the
            soft form.
        label_smoothing: Of the identity loss, in `[0, 1)`.
        preprocessor: `keras_hub.layers.ImageConverter` that `embed` resizes
            with; left out, one for the backbone's image size.
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

    def __init__(
        self,
        backbone,
        num_identities,
        reid_stride=16,
        triplet_margin=0.3,
        label_smoothing=0.1,
        preprocessor=None,
        name=None,
    ):
        checked_share("label_smoothing", label_smoothing)
        images, stages = image_pyramid(backbone)
        features = reid_map(backbone, stages, reid_stride)
        pooled = keras.layers.GlobalAveragePooling2D(
            dtype="float32", name="global"
        )(features)
        super().__init__(
            images,
            global_descriptor(pooled, num_identities),
            backbone=backbone,
            embedding_names=("global",),
            loss_names=GLOBAL_LOSSES,
            preprocessor=preprocessor,
            name=name,
        )
        self.num_identities = num_identities
        self.reid_stride = reid_stride
        self.triplet_margin = triplet_margin
        self.label_smoothing = label_smoothing

    def loss_terms(self, targets, outputs, training):
        """Identity and triplet loss of the one embedding."""
        return global_terms(
            targets["identities"],
            outputs,
            self.triplet_margin,
            self.label_smoothing,
        )

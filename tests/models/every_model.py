"""A small model of every kind, with a batch that it learns from."""

import keras

from keras_drop.models import DPEFormer, HPNet, TransReIDBaseline
from tests.models.backbones.small_vit import small_vit
from tests.models.dpeformer.test_dpeformer import batch as two_streams
from tests.models.dpeformer.test_dpeformer import model_of as dpeformer
from tests.models.small import (
    IMAGE_SIZE,
    MODELS,
    NUM_IDENTITIES,
    batch,
    model_of,
    resnet,
)

EVERY_MODEL = {
    **MODELS,
    "HPNet": HPNet,
    "TransReIDBaseline": TransReIDBaseline,
    "DPEFormer": DPEFormer,
}


def model_and_batch(cls, **switches):
    """The same weights at every call."""
    keras.utils.set_random_seed(0)
    if cls is DPEFormer:
        return dpeformer(**switches), two_streams()
    if cls is TransReIDBaseline:
        backbone = small_vit(
            image_shape=(*IMAGE_SIZE, 3), hidden_dim=16, drop_path_rate=0.0
        )
        return cls(backbone, NUM_IDENTITIES, **switches), batch()
    return model_of(cls, resnet(), **switches), batch()

"""Encoders that nobody trained on people: what a tracker's user has anyhow."""

import keras
import numpy as np
from PIL import Image

from keras_drop.models import dinov2_vit_small14, efficientnet_lite0
from keras_drop.models.backbones.checkpoints.load_weights import load_weights

# Values of hue, saturation and brightness that are told apart.
_BINS = (16, 4, 4)


def colour_histogram():
    """Function from crops to roots of the shares of colours in them."""

    def embed(crops):
        edges = [np.linspace(0, 256, bins + 1) for bins in _BINS]
        found = []
        for crop in crops:
            colours = np.asarray(Image.fromarray(crop).convert("HSV"))
            counts, _ = np.histogramdd(colours.reshape(-1, 3), edges)
            found.append(np.sqrt(counts.ravel() / counts.sum()))
        return np.array(found, "float32")

    return embed


def imagenet_features():
    """Function from crops to EfficientNet-Lite0's mean features."""
    size = (256, 128)
    backbone = efficientnet_lite0(size, last_stride=2)
    load_weights(backbone, "efficientnet_lite0_imagenet")

    pooled = keras.layers.GlobalAveragePooling2D()(
        backbone.pyramid_outputs["P5"]
    )
    return _embed_by(backbone, pooled, size)


def dinov2_class_token():
    """Function from crops to the class token of DINOv2's small ViT."""
    size = (224, 112)
    backbone = dinov2_vit_small14(size)
    load_weights(backbone, "dinov2_vit_small14_lvd142m")

    return _embed_by(backbone, backbone.feature_outputs["class_token"], size)


OTHERS = {
    "colour histogram": colour_histogram,
    "ImageNet's EfficientNet-Lite0": imagenet_features,
    "DINOv2's class token": dinov2_class_token,
}


def _embed_by(backbone, output, size):
    model = keras.Model(backbone.inputs, output)
    mean, deviation = backbone.image_mean, backbone.image_deviation
    height, width = size

    def embed(crops):
        images = [
            np.asarray(Image.fromarray(crop).resize((width, height)))
            for crop in crops
        ]
        images = (np.stack(images) / np.float32(255) - mean) / deviation
        return model.predict(images.astype("float32"), verbose=0)

    return embed

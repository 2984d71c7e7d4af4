"""Where the batch normalisations of a model are."""

import keras


def batch_normalizations(model):
    """List of all `keras.layers.BatchNormalization` layers of a model."""
    return [
        layer
        for layer in model._flatten_layers()
        if isinstance(layer, keras.layers.BatchNormalization)
    ]

"""Weights of networks of convolutions and batch normalisations."""

import keras

from keras_drop.models.backbones.checkpoints.public_weight import PublicWeight


def convolution_weights(backbone, public_name):
    """`PublicWeight` of every weight, by the name that PyTorch gives it.

    Args:
        backbone: Functional model.
        public_name: From a layer to its name in the file.

    Returns:
        Dictionary by name, from input to output.
    """
    variables, depthwise = {}, set()
    for layer in backbone.layers:
        if isinstance(layer, keras.layers.DepthwiseConv2D):
            depthwise.add(f"{public_name(layer)}.weight")
            variables[f"{public_name(layer)}.weight"] = layer.kernel
        elif isinstance(layer, keras.layers.Conv2D):
            variables[f"{public_name(layer)}.weight"] = layer.kernel
        elif isinstance(layer, keras.layers.BatchNormalization):
            name = public_name(layer)
            variables[f"{name}.weight"] = layer.gamma
            variables[f"{name}.bias"] = layer.beta
            variables[f"{name}.running_mean"] = layer.moving_mean
            variables[f"{name}.running_var"] = layer.moving_variance
    return {
        name: PublicWeight.of_depthwise(variable)
        if name in depthwise
        else PublicWeight.of_torch(variable)
        for name, variable in variables.items()
    }

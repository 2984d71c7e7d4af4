import keras
import numpy as np
from keras import ops

from keras_drop.checks import checked_choice
from keras_drop.ops import resize_half_pixel
from keras_drop.registration import register

KINDS = ("mlp", "table", "sinusoidal", "mlp_2d")


@register
class PedestrianPositionEncoder(keras.layers.Layer):
    """Adds to a feature map what its height in the image says (PPE).

    Heads are above feet: the encoding of a row depends on its height alone.
    It starts at zero, so that a new layer changes nothing. Encodings are
    computed in float32 under mixed precision.

    Args:
        kind: `"mlp"`: a hidden layer on the height of the row, from -1 to 1.
            `"table"`: one learned vector a row; a map of another height, or
            weights of one, get it resized. `"sinusoidal"`: linear in sines
            and cosines of the height. `"mlp_2d"`: as `"mlp"`, on height and
            width.
        hidden_dim: Size of the hidden layer of `"mlp"` and `"mlp_2d"`.

    Call arguments:
        features: `(batch, height, width, channels)`, of fixed height and
            width.

    Returns:
        `(batch, height, width, channels)`, features plus encoding.

    Raises:
        ValueError: An unknown `kind`.

    Example:
    >>> from keras import ops
    >>> from keras_drop.layers import PedestrianPositionEncoder
    >>> features = ops.ones((2, 64, 32, 128))
    >>> encoder = PedestrianPositionEncoder(kind="mlp")
    >>> ops.shape(encoder(features)), encoder.count_params()
    ((2, 64, 32, 128), 8448)

    Reference:
        [Dou et al., 2024](https://arxiv.org/abs/2401.18032)
    """

    def __init__(self, kind="mlp", hidden_dim=64, **kwargs):
        super().__init__(**kwargs)
        self.kind = checked_choice("kind", kind, KINDS)
        self.hidden_dim = hidden_dim

    def build(self, input_shape):
        height, width, channels = input_shape[1:]
        if self.kind == "table":
            self.table = self.add_weight(
                name="table",
                shape=(height, channels),
                initializer="zeros",
                autocast=False,
            )
            return
        self.encoder = keras.Sequential(name="encoder")
        if self.kind != "sinusoidal":
            # Biases that differ spread the hinges of the units over the
            # height; with zeros they would all lie at its middle.
            spread = keras.initializers.RandomUniform(-1.0, 1.0)
            self.encoder.add(
                keras.layers.Dense(
                    self.hidden_dim,
                    activation="relu",
                    kernel_initializer=spread,
                    bias_initializer=spread.clone(),
                    dtype=self.variable_dtype,
                    name="hidden",
                )
            )
        self.encoder.add(
            keras.layers.Dense(
                channels,
                kernel_initializer="zeros",
                dtype=self.variable_dtype,
                name="encoding",
            )
        )
        self.encoder.build(self._positions(height, width).shape)

    def call(self, features):
        height, width = features.shape[1:3]
        if self.kind == "table":
            encoding = resize_half_pixel(
                ops.convert_to_tensor(self.table)[None, :, None, :],
                (height, 1),
            )
        else:
            encoding = self.encoder(
                ops.convert_to_tensor(
                    self._positions(height, width), self.variable_dtype
                )
            )
        # To all columns first: a sum of gradients over images and columns at
        # once takes TensorFlow several times as long as one after the other.
        return features + ops.broadcast_to(
            ops.cast(encoding, features.dtype), (1, *features.shape[1:])
        )

    def _positions(self, height, width):
        """`(1, height, 1 or width, inputs of the encoder)`."""
        rows = (np.arange(height) + 0.5) / height
        columns = (np.arange(width) + 0.5) / width
        if self.kind == "sinusoidal":
            phases = np.pi * 2.0 ** np.arange(8) * rows[:, None]
            waves = np.concatenate([np.sin(phases), np.cos(phases)], axis=1)
            return waves[None, :, None, :]
        if self.kind == "mlp":
            return (2 * rows - 1)[None, :, None, None]
        grid = np.meshgrid(2 * rows - 1, 2 * columns - 1, indexing="ij")
        return np.stack(grid, axis=-1)[None]

    def load_own_variables(self, store):
        if self.kind == "table":
            saved = ops.convert_to_tensor(np.array(store["0"]), "float32")
            size = (self.table.shape[0], 1)
            resized = resize_half_pixel(saved[None, :, None, :], size)
            self.table.assign(resized[0, :, 0, :])
        else:
            super().load_own_variables(store)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {
            **super().get_config(),
            "kind": self.kind,
            "hidden_dim": self.hidden_dim,
        }

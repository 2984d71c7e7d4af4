import keras
import numpy as np
from keras import ops

from keras_drop.ops import resize_half_pixel
from keras_drop.registration import register


@register
class TokenEmbedding(keras.layers.Layer):
    """Makes tokens of embedded patches: a class token first, positions added.

    Patches follow each other row by row. The class token and every patch have
    a learned position embedding. Weights of another grid of patches, from
    images of another size, get their positions resized: bilinear, half-pixel.

    Args:
        **kwargs: `name` and `dtype` of `keras.layers.Layer`.

    Call arguments:
        patches: `(batch, rows, columns, dim)`, of fixed rows and columns.

    Returns:
        Tokens, `(batch, 1 + rows * columns, dim)`.

    Example:
    >>> from keras import ops
    >>> from keras_drop.layers import TokenEmbedding
    >>> tokens = TokenEmbedding()
    >>> ops.shape(tokens(ops.ones((2, 16, 8, 768)))), tokens.count_params()
    ((2, 129, 768), 99840)

    Reference:
        [Dosovitskiy et al., 2020](https://arxiv.org/abs/2010.11929)
    """

    def build(self, input_shape):
        rows, columns, dim = input_shape[1:]
        # The positions keep the shape of the grid, which a file then tells.
        for name, shape in (
            ("class_token", (dim,)),
            ("class_position", (dim,)),
            ("patch_positions", (rows, columns, dim)),
        ):
            weight = self.add_weight(
                name=name,
                shape=shape,
                initializer=keras.initializers.TruncatedNormal(stddev=0.02),
            )
            setattr(self, name, weight)

    def call(self, patches):
        rows, columns, dim = patches.shape[1:]
        patches = ops.reshape(
            patches + self.patch_positions, (-1, rows * columns, dim)
        )
        class_token = ops.broadcast_to(
            self.class_token + self.class_position,
            (ops.shape(patches)[0], 1, dim),
        )
        return ops.concatenate([class_token, patches], axis=1)

    def compute_output_shape(self, input_shape):
        batch, rows, columns, dim = input_shape
        return batch, 1 + rows * columns, dim

    def assign_positions(self, positions):
        """Takes over position embeddings of patches, resized to this grid.

        Args:
            positions: `(rows, columns, dim)`, of any rows and columns.
        """
        positions = ops.convert_to_tensor(positions, "float32")
        grid = self.patch_positions.shape[:2]
        resized = resize_half_pixel(positions[None], grid)
        self.patch_positions.assign(resized[0])

    def load_own_variables(self, store):
        self.class_token.assign(store["0"])
        self.class_position.assign(store["1"])
        self.assign_positions(np.array(store["2"]))

import keras
from keras import ops

from keras_drop.registration import register

CHUNK = 16
NUM_HEADS = 2


@register
class FeatureBlending(keras.layers.Layer):
    """Enriches a part token by the global token (FBM).

    Both vectors are cut into chunks of 16 channels. The chunks of the part
    attend to those of the global token, with two heads; a small network
    follows. Both are residual. It is attention between groups of channels of
    two vectors, not between places of the image.

    Args:
        axis_bug: Whether the heads of a batch are put together in the wrong
            order, as in the authors' code: an image then gets the attention
            of others.

    Call arguments:
        part: `(batch, dim)`, `dim` a multiple of 16.
        global_token: `(batch, dim)`.

    Returns:
        `(batch, dim)`.

    Raises:
        ValueError: When called, vectors of two sizes, or of one that is no
            multiple of 16.

    Example:
    >>> from keras import ops
    >>> from keras_drop.layers import FeatureBlending
    >>> blend = FeatureBlending()
    >>> part, global_token = ops.ones((2, 768)), ops.ones((2, 768))
    >>> ops.shape(blend(part, global_token)), blend.count_params()
    ((2, 768), 2448)

    Reference:
        [Zhang et al., 2024](https://arxiv.org/abs/2402.10435)
    """

    def __init__(self, axis_bug=False, **kwargs):
        super().__init__(**kwargs)
        self.axis_bug = axis_bug
        for name in ("part", "global", "mlp"):
            normalisation = keras.layers.LayerNormalization(
                epsilon=1e-5, dtype=self.dtype_policy, name=f"{name}_norm"
            )
            setattr(self, f"{name}_norm", normalisation)
        self.query = self._linear("query", use_bias=False)
        self.key_value = self._linear("key_value", 2, use_bias=False)
        self.projection = self._linear("projection")
        self.hidden = self._linear("hidden")
        self.output_layer = self._linear("output")

    def _linear(self, name, factor=1, use_bias=True):
        return keras.layers.Dense(
            factor * CHUNK,
            use_bias=use_bias,
            dtype=self.dtype_policy,
            name=name,
        )

    def build(self, part_shape, global_token_shape):
        dim = part_shape[-1]
        if dim % CHUNK or global_token_shape[-1] != dim:
            raise ValueError(
                f"The vectors have {dim} and {global_token_shape[-1]} "
                f"channels; both need the same multiple of {CHUNK}."
            )
        self.positions = self.add_weight(
            name="positions", shape=(dim // CHUNK, CHUNK), initializer="zeros"
        )
        for layer in (
            self.part_norm,
            self.global_norm,
            self.mlp_norm,
            self.query,
            self.key_value,
            self.projection,
            self.hidden,
            self.output_layer,
        ):
            layer.build((None, dim // CHUNK, CHUNK))

    def call(self, part, global_token):
        chunks = (-1, *self.positions.shape)
        part, global_token = (
            ops.reshape(x, chunks) + ops.cast(self.positions, x.dtype)
            for x in (part, global_token)
        )
        blended = part + self._attention(
            self.part_norm(part), self.global_norm(global_token)
        )
        hidden = ops.gelu(
            self.hidden(self.mlp_norm(blended)), approximate=False
        )
        blended = blended + self.output_layer(hidden)
        return ops.reshape(blended, (-1, self.positions.shape[0] * CHUNK))

    def _attention(self, part, global_token):
        num_chunks, width = part.shape[1], CHUNK // NUM_HEADS
        query = ops.reshape(
            self.query(part), (-1, num_chunks, NUM_HEADS, width)
        )
        key, value = (
            ops.reshape(x, (-1, num_chunks, NUM_HEADS, width))
            for x in ops.split(self.key_value(global_token), 2, axis=-1)
        )
        scores = ops.einsum("bnhe,bmhe->bhnm", query, key) * width**-0.5
        weights = ops.softmax(scores, axis=-1)
        order = "hbne" if self.axis_bug else "bnhe"
        attended = ops.einsum(f"bhnm,bmhe->{order}", weights, value)
        return self.projection(ops.reshape(attended, (-1, num_chunks, CHUNK)))

    def compute_output_shape(self, part_shape, global_token_shape):
        return part_shape

    def get_config(self):
        return {**super().get_config(), "axis_bug": self.axis_bug}

import keras
from keras import ops

from keras_drop.registration import register


@register
class CameraEmbedding(keras.layers.Layer):
    """Adds to all tokens of an image what its camera does to it (SIE).

    Every camera has one learned vector. An image of an unknown camera, whose
    number is `-1` or any other outside of `[0, num_cameras)`, gets the mean
    of all cameras, so that its tokens stay where those of training were.

    Args:
        num_cameras: Number of cameras of the training set.
        coefficient: What the vectors are multiplied by.

    Call arguments:
        tokens: `(batch, num_tokens, dim)`.
        cameras: `(batch,)` integers.

    Returns:
        `(batch, num_tokens, dim)`, tokens plus embedding.

    Raises:
        ValueError: `num_cameras` is less than 1.

    Example:
    >>> from keras import ops
    >>> from keras_drop.layers import CameraEmbedding
    >>> embedding = CameraEmbedding(num_cameras=6)
    >>> ops.shape(embedding(ops.ones((3, 129, 768)), ops.array([0, 5, -1])))
    (3, 129, 768)

    Reference:
        [He et al., 2021](https://arxiv.org/abs/2102.04378)
    """

    def __init__(self, num_cameras, coefficient=3.0, **kwargs):
        super().__init__(**kwargs)
        if num_cameras < 1:
            raise ValueError(
                f"`num_cameras` is {num_cameras}; an embedding of cameras "
                "needs at least 1."
            )
        self.num_cameras = num_cameras
        self.coefficient = coefficient

    def build(self, tokens_shape, cameras_shape):
        self.table = self.add_weight(
            name="table",
            shape=(self.num_cameras, tokens_shape[-1]),
            initializer=keras.initializers.TruncatedNormal(stddev=0.02),
        )

    def call(self, tokens, cameras):
        numbers = ops.arange(self.num_cameras, dtype="int32")
        is_camera = ops.equal(ops.cast(cameras, "int32")[:, None], numbers)
        share = ops.where(
            ops.any(is_camera, axis=1, keepdims=True),
            ops.cast(is_camera, tokens.dtype),
            ops.cast(1 / self.num_cameras, tokens.dtype),
        )
        embedding = self.coefficient * ops.matmul(share, self.table)
        return tokens + embedding[:, None, :]

    def compute_output_shape(self, tokens_shape, cameras_shape):
        return tokens_shape

    def get_config(self):
        return {
            **super().get_config(),
            "num_cameras": self.num_cameras,
            "coefficient": self.coefficient,
        }

import keras
from keras import ops

from keras_drop.checks import checked_choice
from keras_drop.ops import resize_corner_aligned, resize_half_pixel
from keras_drop.registration import register

STRIDES = (4, 8, 16)


@register
class PyramidConcatenation(keras.layers.Layer):
    """The four maps of an HRNet on one grid, one after the other.

    At stride 16 and 8, finer maps are averaged over the cells they share with
    a coarser one, and coarser maps are resized bilinearly (half-pixel). Stride
    4 is the map of BPBReID: bilinear with aligned corners.

    Args:
        stride: 16, 8 or 4: image pixels a cell of the result.

    Call arguments:
        pyramid: List of four `(batch, height, width, channels)`, at strides 4,
            8, 16 and 32, finest first.

    Returns:
        `(batch, height, width, sum of the channels)`.

    Raises:
        ValueError: Another stride, or maps that are not at those strides.

    Example:
    >>> from keras import ops
    >>> from keras_drop.layers import PyramidConcatenation
    >>> sizes = ((64, 32, 128), (32, 16, 256), (16, 8, 512), (8, 4, 1024))
    >>> pyramid = [ops.ones((2, *size)) for size in sizes]
    >>> ops.shape(PyramidConcatenation(stride=16)(pyramid))
    (2, 16, 8, 1920)

    Reference:
        [Somers et al., 2023](https://arxiv.org/abs/2211.03679),
        [Dou et al., 2024](https://arxiv.org/abs/2401.18032)
    """

    def __init__(self, stride, **kwargs):
        super().__init__(**kwargs)
        self.stride = checked_choice("stride", stride, STRIDES)

    def build(self, input_shape):
        sizes = [tuple(shape[1:3]) for shape in input_shape]
        height, width = sizes[-1]
        wanted = [(height * f, width * f) for f in (8, 4, 2, 1)]
        if sizes != wanted:
            raise ValueError(
                "A pyramid has maps at strides 4, 8, 16 and 32, finest first; "
                f"these have sizes {sizes} instead of {wanted}. Use images "
                "whose height and width are multiples of 32."
            )

    def call(self, pyramid):
        grid = tuple(pyramid[STRIDES.index(self.stride)].shape[1:3])
        if self.stride == 4:
            maps = [resize_corner_aligned(x, grid) for x in pyramid]
        else:
            maps = [self._to_grid(x, grid) for x in pyramid]
        return ops.concatenate(maps, axis=-1)

    @staticmethod
    def _to_grid(x, grid):
        factor = x.shape[1] // grid[0]
        if factor > 1:
            # On JAX, Keras needs the strides even where they are the default.
            return ops.average_pool(
                x, factor, strides=factor, data_format="channels_last"
            )
        return resize_half_pixel(x, grid)

    def get_config(self):
        return {**super().get_config(), "stride": self.stride}

import keras
from keras import ops

from keras_drop.checks import checked_choice
from keras_drop.layers.maps.convolution_block import (
    convolution,
    convolution_block,
)
from keras_drop.ops import resize_half_pixel
from keras_drop.registration import register

FUSIONS = ("add", "concat")


@register
class DetailPreservingUpsampling(keras.layers.Layer):
    r"""Fuses backbone maps of several strides into one fine map (DPU).

    Every map is reduced to the same channels (1x1 convolution, batch
    normalisation, ReLU). From the coarsest to the finest, the fused map is
    resized (bilinear, half-pixel) to the next finer one and fused with it.

    $$
    T_4 = C_4(S_4), \quad T_i = C_i(S_i) + \text{up}(T_{i+1}), \quad
    F = \text{conv}(T_1)
    $$

    for the backbone's maps `S_1` (finest) to `S_4` and the reductions `C_i`.

    Args:
        channels: Channels of the reduced maps and of the result.
        fusion: `"add"`, or `"concat"`: concatenate, then a 1x1 convolution
            without bias.
        final_conv: Whether a 3x3 convolution, batch normalisation and ReLU
            follow.

    Call arguments:
        pyramid: List of `(batch, height, width, channels)`, finest first;
            neighbours may have the same size.

    Returns:
        `(batch, height, width, channels)`, as fine as the first map.

    Raises:
        ValueError: An unknown `fusion`.

    Example:
    >>> from keras import ops
    >>> from keras_drop.layers import DetailPreservingUpsampling
    >>> sizes = ((64, 32, 256), (32, 16, 512), (16, 8, 1024), (16, 8, 2048))
    >>> pyramid = [ops.ones((1, *size)) for size in sizes]
    >>> ops.shape(DetailPreservingUpsampling(channels=128)(pyramid))
    (1, 64, 32, 128)

    Reference:
        [Dou et al., 2024](https://arxiv.org/abs/2401.18032)
    """

    def __init__(self, channels=128, fusion="add", final_conv=True, **kwargs):
        super().__init__(**kwargs)
        self.channels = channels
        self.fusion = checked_choice("fusion", fusion, FUSIONS)
        self.final_conv = final_conv

    def build(self, input_shape):
        grids = [tuple(shape[1:3]) for shape in input_shape]
        self.reductions = []
        for number, shape in enumerate(input_shape, start=1):
            reduction = self._block(1, f"reduction_{number}")
            reduction.build(shape)
            self.reductions.append(reduction)
        self.fusions = []
        if self.fusion == "concat":
            for number, grid in enumerate(grids[:-1], start=1):
                fusion = convolution(
                    self.channels, 1, self.dtype_policy, f"fusion_{number}"
                )
                fusion.build((None, *grid, 2 * self.channels))
                self.fusions.append(fusion)
        if self.final_conv:
            self.smoothing = self._block(3, "smoothing")
            self.smoothing.build((None, *grids[0], self.channels))

    def _block(self, size, name):
        return convolution_block(self.channels, size, self.dtype_policy, name)

    def call(self, pyramid, training=False):
        fused = self.reductions[-1](pyramid[-1], training=training)
        for stage in reversed(range(len(pyramid) - 1)):
            reduced = self.reductions[stage](pyramid[stage], training=training)
            coarser = resize_half_pixel(fused, reduced.shape[1:3])
            if self.fusion == "add":
                fused = reduced + coarser
            else:
                both = ops.concatenate([reduced, coarser], axis=-1)
                fused = self.fusions[stage](both)
        if self.final_conv:
            fused = self.smoothing(fused, training=training)
        return fused

    def compute_output_shape(self, input_shape):
        return (*input_shape[0][:-1], self.channels)

    def get_config(self):
        return {
            **super().get_config(),
            "channels": self.channels,
            "fusion": self.fusion,
            "final_conv": self.final_conv,
        }

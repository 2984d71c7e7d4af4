"""Networks that see parts by colour, for tests."""

import numpy as np


class ColourSegmenter:
    """Part `k` where the pixel value is nearest to `10 * k`.

    Its maps have a quarter of the size, if `stride` is 4.
    """

    def __init__(self, num_parts=3, stride=1):
        self.num_parts, self.stride = num_parts, stride
        self.shapes = []

    def predict_on_batch(self, images):
        self.shapes.append(images.shape)
        grey = images[:, :: self.stride, :: self.stride, :1]
        return -np.abs(grey - 10.0 * np.arange(self.num_parts + 1))

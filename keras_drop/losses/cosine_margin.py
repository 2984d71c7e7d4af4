import math

import keras

from keras_drop.checks import refuse_outside


class CosineMargin(keras.losses.Loss):
    """What losses have in common that read cosines and have a margin.

    Args:
        margin: See the subclass.
        scale: Factor of the cosines.
        largest: Up to where a margin makes sense.
        **kwargs: Of `keras.losses.Loss`.
    """

    # A model that gets such a loss in `term_losses` gives it cosines.
    reads_cosines = True

    def __init__(self, margin, scale, largest, **kwargs):
        super().__init__(**kwargs)
        refuse_outside(0, largest, margin=margin)
        refuse_outside(0, math.inf, scale=scale)
        self.margin = margin
        self.scale = scale

    def get_config(self):
        return {
            **super().get_config(),
            "margin": self.margin,
            "scale": self.scale,
            "dtype": self.dtype,
        }

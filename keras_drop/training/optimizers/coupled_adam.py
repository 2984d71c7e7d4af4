import keras
from keras import ops

from keras_drop.registration import register
from keras_drop.training.optimizers.rate_factors import rate_factors


@register
class CoupledAdam(keras.optimizers.Adam):
    """Adam whose L2 decay is part of the gradient.

    `l2` times the weight is added to the gradient of every trainable weight,
    also of biases and batch normalisations, before the moments are updated.
    `weight_decay` of `keras.optimizers.Adam` acts after the moments, and is
    not the same.

    Args:
        learning_rate: Float or schedule.
        l2: Factor of the decay.
        beta_1: Decay rate of the first moment.
        beta_2: Decay rate of the second moment.
        epsilon: Added to the root of the second moment.
        layer_factors: Dictionary from names of layers to factors of their
            learning rate, as `keras_drop.training.layer_factors` makes it.
        **kwargs: `clipnorm`, `name` and the like of
            `keras.optimizers.Optimizer`.

    Raises:
        ValueError: A negative `l2`.

    Example:
    >>> import keras
    >>> from keras import ops
    >>> from keras_drop.training import CoupledAdam
    >>> weight = keras.Variable([4.0])
    >>> CoupledAdam(0.01).apply([ops.zeros(1)], [weight])
    >>> round(float(weight[0]), 4)
    3.99

    Reference:
        [Kingma and Ba, 2015](https://arxiv.org/abs/1412.6980), section 2; the
        two kinds of decay: [Loshchilov and Hutter,
        2019](https://arxiv.org/abs/1711.05101)
    """

    def __init__(
        self,
        learning_rate=0.001,
        l2=5e-4,
        beta_1=0.9,
        beta_2=0.999,
        epsilon=1e-8,
        layer_factors=None,
        **kwargs,
    ):
        super().__init__(
            learning_rate=learning_rate,
            beta_1=beta_1,
            beta_2=beta_2,
            epsilon=epsilon,
            **kwargs,
        )
        if l2 < 0:
            raise ValueError(f"`l2` is {l2}; it has to be 0 or more.")
        self.l2 = l2
        self.layer_factors = layer_factors

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        # By position, because TensorFlow hands over variables without a path.
        self._factors = rate_factors({}, self.layer_factors or {}, variables)

    def update_step(self, gradient, variable, learning_rate):
        learning_rate = (
            learning_rate * self._factors[self._get_variable_index(variable)]
        )
        gradient = ops.cast(gradient, variable.dtype)
        decayed = ops.add(gradient, ops.multiply(self.l2, variable))
        super().update_step(decayed, variable, learning_rate)

    def finalize_variable_values(self, var_list):
        """Nothing: `fit` may go on. `averaged_weights` takes the averages."""

    def get_config(self):
        return {
            **super().get_config(),
            "l2": self.l2,
            "layer_factors": self.layer_factors,
        }

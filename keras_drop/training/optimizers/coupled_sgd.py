import keras
from keras import ops

from keras_drop.backend import sgd_steps
from keras_drop.registration import register
from keras_drop.training.optimizers.rate_factors import rate_factors


@register
class CoupledSGD(keras.optimizers.Optimizer):
    """SGD with momentum, L2 decay in the gradient and several learning rates.

    `l2` times the weight is added to the gradient of every trainable weight,
    also of biases and batch normalisations. The sum goes into a velocity that
    decays by `momentum`, and the weight moves by the learning rate times the
    velocity. `keras.optimizers.SGD` puts the learning rate into the velocity
    instead: there a lower rate takes some ten steps to arrive, here it acts
    at once, as in PyTorch, on which the papers trained.

    Args:
        learning_rate: Float or schedule.
        l2: Factor of the decay.
        momentum: Share of the velocity that the next step keeps, in `[0, 1)`.
        multipliers: Dictionary from regular expressions to factors of the
            learning rate, for example `{"neck|classifier": 2.0}`. The first
            that is found in the path of a weight counts; weights in which
            none is found have the factor 1.
        layer_factors: Dictionary from names of layers to further factors, as
            `keras_drop.training.layer_factors` makes it.
        **kwargs: `clipnorm`, `name` and the like of
            `keras.optimizers.Optimizer`.

    Raises:
        ValueError: A negative `l2` or factor, a `momentum` outside `[0, 1)`;
            when it meets the model, an expression found in no path.

    Example:
    >>> import keras
    >>> from keras import ops
    >>> from keras_drop.training import CoupledSGD
    >>> weight = keras.Variable([4.0], name="bias")
    >>> optimizer = CoupledSGD(0.1, l2=0.5, multipliers={"bias$": 2.0})
    >>> optimizer.apply([ops.ones(1)], [weight])
    >>> round(float(weight[0]), 4)
    3.4

    Reference:
        [Sutskever et al., 2013](https://proceedings.mlr.press/v28/sutskever13.html)
    """

    def __init__(
        self,
        learning_rate=0.01,
        l2=5e-4,
        momentum=0.9,
        multipliers=None,
        layer_factors=None,
        **kwargs,
    ):
        super().__init__(learning_rate=learning_rate, **kwargs)
        if l2 < 0:
            raise ValueError(f"`l2` is {l2}; it has to be 0 or more.")
        if not 0 <= momentum < 1:
            raise ValueError(
                f"`momentum` is {momentum}; it has to be at least 0 and less "
                "than 1, such as 0.9."
            )
        for pattern, factor in (multipliers or {}).items():
            if factor < 0:
                raise ValueError(
                    f"The multiplier of {pattern!r} is {factor}; it has to be "
                    "0 or more."
                )
        self.l2 = l2
        self.momentum = momentum
        self.multipliers = multipliers
        self.layer_factors = layer_factors

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self._velocities = self.add_optimizer_variables(variables, "velocity")
        # By position, because TensorFlow hands over variables without a path.
        self._factors = rate_factors(
            self.multipliers or {}, self.layer_factors or {}, variables
        )

    def _backend_update_step(self, grads, trainable_variables, learning_rate):
        """All weights as the backend does it best, else one by one."""
        places = [self._get_variable_index(v) for v in trainable_variables]
        velocities, factors = (
            [of_all[place] for place in places]
            for of_all in (self._velocities, self._factors)
        )
        if not sgd_steps(
            trainable_variables,
            velocities,
            grads,
            (ops.convert_to_tensor(learning_rate), factors),
            self.momentum,
            self.l2,
        ):
            super()._backend_update_step(
                grads, trainable_variables, learning_rate
            )

    def update_step(self, gradient, variable, learning_rate):
        index = self._get_variable_index(variable)
        velocity = self._velocities[index]
        rate = ops.cast(learning_rate, variable.dtype) * self._factors[index]
        gradient = ops.cast(gradient, variable.dtype)
        decayed = ops.add(gradient, ops.multiply(self.l2, variable))
        kept = ops.multiply(self.momentum, velocity)
        self.assign(velocity, ops.add(kept, decayed))
        self.assign_sub(variable, ops.multiply(rate, velocity))

    def finalize_variable_values(self, var_list):
        """Nothing: `fit` may go on. `averaged_weights` takes the averages."""

    def get_config(self):
        return {
            **super().get_config(),
            "l2": self.l2,
            "momentum": self.momentum,
            "multipliers": self.multipliers,
            "layer_factors": self.layer_factors,
        }

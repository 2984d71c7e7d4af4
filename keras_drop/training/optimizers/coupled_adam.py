import keras
from keras import ops

from keras_drop.backend import adam_steps
from keras_drop.checks import checked_choice
from keras_drop.registration import register
from keras_drop.training.optimizers.rate_factors import rate_factors

ADAM_EPSILONS = ("keras", "torch")


@register
class CoupledAdam(keras.optimizers.Adam):
    r"""Adam whose L2 decay is part of the gradient.

    `l2` times the weight is added to the gradient of every trainable weight,
    also of biases and batch normalisations, before the moments are updated.
    `weight_decay` of `keras.optimizers.Adam` acts after the moments, and is
    not the same.

    Where `epsilon` is added matters in the first steps. With
    `adam_epsilon="torch"` it is after the bias correction of the second
    moment, as in the paper's algorithm and in PyTorch, of which published
    training code is made; Keras, like the paper's remark on efficiency, adds
    it before, where it weighs `1 / sqrt(1 - beta_2 ** step)` as much, 32 times
    in the first step:

    $$
    w \leftarrow w - \frac{\eta}{1 - \beta_1^t} \cdot \frac{m}
    {\sqrt{v / (1 - \beta_2^t)} + \epsilon}
    $$

    Args:
        learning_rate: Float or schedule.
        l2: Factor of the decay.
        beta_1: Decay rate of the first moment.
        beta_2: Decay rate of the second moment.
        epsilon: Added to the root of the second moment.
        layer_factors: Dictionary from names of layers to factors of their
            learning rate, as `keras_drop.training.layer_factors` makes it.
        adam_epsilon: Where it is added: `"keras"`, before the bias
            correction; or `"torch"`, after it.
        **kwargs: `clipnorm`, `name` and the like of
            `keras.optimizers.Optimizer`.

    Raises:
        ValueError: A negative `l2`, an unknown `adam_epsilon`, or
            `amsgrad` beside that of torch.

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
        adam_epsilon="keras",
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
        self.adam_epsilon = checked_choice(
            "adam_epsilon", adam_epsilon, ADAM_EPSILONS
        )
        if self.amsgrad and adam_epsilon == "torch":
            raise ValueError(
                "`amsgrad` is for `adam_epsilon` keras alone. Leave out one "
                "of the two."
            )

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        # By position, because TensorFlow hands over variables without a path.
        self._factors = rate_factors({}, self.layer_factors or {}, variables)

    def _backend_update_step(self, grads, trainable_variables, learning_rate):
        """All weights as the backend does it best, else one by one."""
        places = [self._get_variable_index(v) for v in trainable_variables]
        moments, velocities, factors = (
            [of_all[place] for place in places]
            for of_all in (self._momentums, self._velocities, self._factors)
        )
        if self.amsgrad or not adam_steps(
            trainable_variables,
            (moments, velocities),
            grads,
            (ops.convert_to_tensor(learning_rate), factors),
            (self.beta_1, self.beta_2),
            ops.convert_to_tensor(self.iterations),
            l2=self.l2,
            epsilon=self.epsilon,
            epsilon_last=self.adam_epsilon == "torch",
        ):
            super()._backend_update_step(
                grads, trainable_variables, learning_rate
            )

    def update_step(self, gradient, variable, learning_rate):
        index = self._get_variable_index(variable)
        learning_rate = learning_rate * self._factors[index]
        gradient = ops.cast(gradient, variable.dtype)
        decayed = ops.add(gradient, ops.multiply(self.l2, variable))
        if self.adam_epsilon == "keras":
            super().update_step(decayed, variable, learning_rate)
            return
        first, second = self._momentums[index], self._velocities[index]
        for moment, now, beta in (
            (first, decayed, self.beta_1),
            (second, ops.square(decayed), self.beta_2),
        ):
            change = ops.multiply(ops.subtract(now, moment), 1.0 - beta)
            self.assign_add(moment, change)
        mean, square = (
            ops.divide(moment, self._correction(beta, variable))
            for moment, beta in ((first, self.beta_1), (second, self.beta_2))
        )
        rate = ops.cast(learning_rate, variable.dtype)
        self.assign_sub(
            variable,
            ops.divide(
                ops.multiply(rate, mean),
                ops.add(ops.sqrt(square), self.epsilon),
            ),
        )

    def _correction(self, beta, variable):
        """What a moment that started at 0 lacks of 1 by now."""
        # Not by `ops.cast`, which goes through float32.
        beta = ops.convert_to_tensor(beta, variable.dtype)
        step = ops.cast(self.iterations + 1, variable.dtype)
        return ops.subtract(1.0, ops.power(beta, step))

    def finalize_variable_values(self, var_list):
        """Nothing: `fit` may go on. `averaged_weights` takes the averages."""

    def get_config(self):
        return {
            **super().get_config(),
            "l2": self.l2,
            "layer_factors": self.layer_factors,
            "adam_epsilon": self.adam_epsilon,
        }

"""Steps of optimizers, each weight's as one operation instead of twenty."""

import keras
import tensorflow as tf

from keras_drop.backend.tensorflow_backend import in_xla


def adam_steps(weights, moments, gradients, rates, betas, iterations, **rest):
    """Adam's steps, each weight's as one operation instead of twenty.

    As `adam_steps` of PyTorch. They are not for copies of a weight on several
    devices, nor under XLA, which fuses by itself, nor for an epsilon after
    the bias correction.
    """
    if rest["epsilon_last"] or not _is_one_graph():
        return False
    rate, factors = rates
    for weight, first, second, gradient, factor in zip(
        *_values(weights, *moments), gradients, factors
    ):
        dtype = weight.dtype
        step = tf.cast(iterations + 1, dtype)
        beta_1, beta_2 = (tf.cast(beta, dtype) for beta in betas)
        tf.raw_ops.ResourceApplyAdam(
            var=weight.handle,
            m=first.handle,
            v=second.handle,
            beta1_power=beta_1**step,
            beta2_power=beta_2**step,
            lr=tf.cast(rate * factor, dtype),
            beta1=beta_1,
            beta2=beta_2,
            epsilon=tf.cast(rest["epsilon"], dtype),
            grad=tf.cast(gradient, dtype) + rest["l2"] * weight,
        )
    return True


def sgd_steps(weights, velocities, gradients, rates, momentum, l2):
    """Steps of SGD with momentum, as `sgd_steps` of PyTorch.

    They are neither for several devices nor under XLA.
    """
    if not _is_one_graph():
        return False
    rate, factors = rates
    for weight, velocity, gradient, factor in zip(
        *_values(weights, velocities), gradients, factors
    ):
        dtype = weight.dtype
        tf.raw_ops.ResourceApplyMomentum(
            var=weight.handle,
            accum=velocity.handle,
            lr=tf.cast(rate * factor, dtype),
            grad=tf.cast(gradient, dtype) + l2 * weight,
            momentum=tf.cast(momentum, dtype),
        )
    return True


def _is_one_graph():
    """Whether weights have no copies, and operations are not XLA's."""
    return not tf.distribute.has_strategy() and not in_xla()


def _values(*lists):
    """TensorFlow's variables for lists of them or of `keras.Variable`s."""
    return [
        [v.value if isinstance(v, keras.Variable) else v for v in variables]
        for variables in lists
    ]

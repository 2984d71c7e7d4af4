"""One gradient function for the three backends."""

import keras
import numpy as np


def autodiff(fn, x):
    """Gradient of the scalar `fn` at `x`, by the current backend."""
    x = keras.ops.convert_to_tensor(x, dtype="float32")
    if keras.backend.backend() == "jax":
        import jax

        return np.asarray(jax.grad(fn)(x))
    if keras.backend.backend() == "torch":
        x.requires_grad_()
        fn(x).backward()
        return x.grad.cpu().numpy()
    import tensorflow as tf

    with tf.GradientTape() as tape:
        tape.watch(x)
        y = fn(x)
    return tape.gradient(y, x).numpy()


def finite_difference(fn, x, step=1e-6):
    """Central differences of the NumPy function `fn`, in float64."""
    x = np.asarray(x, "float64")
    gradient = np.zeros_like(x)
    for index in np.ndindex(*x.shape):
        up, down = x.copy(), x.copy()
        up[index] += step
        down[index] -= step
        gradient[index] = (fn(up) - fn(down)) / (2 * step)
    return gradient

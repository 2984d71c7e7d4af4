"""Compilation where it saves time, and where it is what is tested."""

import keras


def jitted(fn):
    """`fn` compiled on JAX, where it is slowest step by step."""
    if keras.backend.backend() == "jax":
        import jax

        return jax.jit(fn)
    return fn


def compiled(fn):
    """`fn` compiled by XLA, which refuses shapes that depend on data.

    PyTorch has no XLA; there `fn` runs as it is.
    """
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        return tf.function(fn, jit_compile=True)
    return jitted(fn)

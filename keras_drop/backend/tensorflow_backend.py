import tensorflow as tf


def default_jit_compile():
    """What `compile` should be told: XLA is slower than TensorFlow on CPUs."""
    return "auto" if tf.config.list_physical_devices("GPU") else False


def random_state():
    """Nothing: all random numbers of layers come from seed generators."""
    return []


def set_random_state(state):
    """Does nothing."""

import tensorflow as tf


def default_jit_compile():
    """What `compile` should be told: XLA is slower than TensorFlow on CPUs."""
    return "auto" if tf.config.list_physical_devices("GPU") else False


def random_state():
    """Nothing: all random numbers of layers come from seed generators."""
    return []


def set_random_state(state):
    """Does nothing."""


def fused_batch_normalization(x, scale, offset, epsilon):
    """Normalises a map by its batch, in one operation.

    Args:
        x: `(batch, height, width, channels)`.
        scale: `(channels,)` float32, or `None` for 1.
        offset: `(channels,)` float32, or `None` for 0.
        epsilon: Added to the variance.

    Returns:
        The normalised map, of the type of `x`, and mean and biased variance,
        `(channels,)` float32; or `None` if it cannot.
    """
    # In float64 there is no such operation.
    if x.dtype not in (tf.float32, tf.float16, tf.bfloat16):
        return None
    channels = x.shape[-1]
    # Not with its lowest epsilon of 1.001e-5, which `tf.nn` puts in for a
    # cuDNN of 2018.
    normalised, mean, variance, *_ = tf.raw_ops.FusedBatchNormV3(
        x=x,
        scale=tf.ones(channels) if scale is None else scale,
        offset=tf.zeros(channels) if offset is None else offset,
        mean=tf.zeros(0),
        variance=tf.zeros(0),
        epsilon=epsilon,
        is_training=True,
    )
    count = tf.cast(tf.size(x) / channels, tf.float32)
    # It gives the unbiased one, of one value 0.
    return (
        normalised,
        mean,
        variance * tf.math.divide_no_nan(count - 1.0, count),
    )

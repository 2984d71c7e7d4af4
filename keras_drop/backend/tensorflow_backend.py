import numpy as np
import tensorflow as tf
from tensorflow.python.ops import control_flow_util


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


def depthwise_convolution(x, kernel):
    """A depthwise convolution whose kernel gets its gradient by a product.

    On CPUs the operation for that gradient takes three times as long where
    maps have few cells and kernels are large.

    Args:
        x: `(batch, height, width, channels)`.
        kernel: `(size, size, channels, 1)`, an odd size, moved by one cell.

    Returns:
        As `x`, padded with zeros; or `None` if it cannot, or would be slower.
    """
    height, width = x.shape[1:3]
    if None in (height, width) or height * width > 64 or kernel.shape[0] < 5:
        return None
    if x.dtype != tf.float32 or tf.config.list_physical_devices("GPU"):
        return None
    if in_xla():
        return None
    # Now: a variable may have another value where the gradient is asked for.
    return _depthwise_convolution(x, tf.convert_to_tensor(kernel))


@tf.custom_gradient
def _depthwise_convolution(x, kernel):
    steps = {"strides": [1, 1, 1, 1], "padding": "SAME"}

    def gradient(upstream):
        of_x = tf.raw_ops.DepthwiseConv2dNativeBackpropInput(
            input_sizes=tf.shape(x),
            filter=kernel,
            out_backprop=upstream,
            **steps,
        )
        return of_x, _gradient_of_kernel(x, upstream, kernel.shape)

    return tf.nn.depthwise_conv2d(x, kernel, **steps), gradient


def _gradient_of_kernel(x, upstream, shape):
    """Of all pairs of an input's and an output's cell, by where they lie."""
    height, width, channels = x.shape[1:]
    cells = height * width
    before, after = (
        tf.transpose(tf.reshape(values, (-1, cells, channels)), order)
        for values, order in ((x, (2, 1, 0)), (upstream, (2, 0, 1)))
    )
    pairs = tf.reshape(tf.matmul(before, after), (channels, cells * cells))
    row, column = np.divmod(np.arange(cells), width)
    places = []
    for size, cell in zip(shape, (row, column)):
        shift = cell[:, None] - cell[None] + size // 2
        places.append(shift.reshape(-1, 1) == np.arange(size))
    rows, columns = places
    chosen = (rows[:, :, None] & columns[:, None]).reshape(cells * cells, -1)
    found = tf.matmul(pairs, chosen.astype("float32"))
    return tf.reshape(tf.transpose(found), shape)


def masked_maximum(features, masks):
    """Maximum of a masked map, by a gradient of the cells that have it alone.

    TensorFlow's gradient of a maximum writes the whole map some six times for
    each mask. This one is for CPUs; where several cells have the maximum, the
    first gets its gradient.

    Args:
        features: `(batch, cells, channels)`.
        masks: `(batch, cells, masks)`, of the same type.

    Returns:
        `(batch, masks, channels)`, or `None` if it cannot.
    """
    # XLA knows no maximum that says its place, and fuses the plain one.
    if in_xla() or tf.config.list_physical_devices("GPU"):
        return None
    return _masked_maximum(features, masks)


@tf.custom_gradient
def _masked_maximum(features, masks):
    cells, channels = features.shape[1:]
    parts = masks.shape[-1]
    maxima, places = zip(
        *(
            tf.nn.max_pool_with_argmax(
                (masks[:, :, k : k + 1] * features)[:, :, None],
                *((cells, 1), (cells, 1), "VALID"),
                # A third of the time that it takes with the default, int64.
                output_dtype=tf.int32,
            )
            for k in range(parts)
        )
    )
    # Of cell and channel in the map of an image.
    of_features = tf.concat(places, 1)[:, :, 0]

    def gradient(upstream):
        of_masks = of_features // channels * parts + tf.range(parts)[:, None]
        return (
            _spread(upstream, of_features, masks, of_masks, features),
            _spread(upstream, of_masks, features, of_features, masks),
        )

    return tf.concat(maxima, 1)[:, :, 0], gradient


def _spread(upstream, places, factor, places_of_factor, like):
    """The gradient of what is `like`, each value to its place of an image."""
    images = tf.shape(like)[0]
    factors = tf.gather(
        tf.reshape(factor, (images, -1)),
        tf.reshape(places_of_factor, (images, -1)),
        batch_dims=1,
    )
    weights = tf.reshape(upstream, (images, -1)) * factors
    if weights.dtype != tf.float64:
        weights = tf.cast(weights, tf.float32)  # It knows no other.
    found = tf.raw_ops.DenseBincount(
        input=tf.reshape(places, (images, -1)),
        size=like.shape[1] * like.shape[2],
        weights=weights,
    )
    return tf.cast(tf.reshape(found, tf.shape(like)), like.dtype)


def in_xla():
    """Whether what is built now is compiled by XLA."""
    return control_flow_util.GraphOrParentsInXlaContext(
        tf.compat.v1.get_default_graph()
    )

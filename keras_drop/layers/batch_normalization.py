import keras
from keras import ops

from keras_drop.backend import fused_batch_normalization, num_replicas
from keras_drop.registration import register


@register
class BatchNormalization(keras.layers.BatchNormalization):
    r"""Batch normalisation in one operation, where the backend has one.

    As `keras.layers.BatchNormalization`, with the same weights under the same
    names. In training, statistics are float32 under mixed precision, and maps
    are normalised by the one fused operation of TensorFlow and of PyTorch
    instead of a dozen; XLA fuses by itself, on JAX. What the fused operation
    does not know, such as another axis or several devices that are
    `synchronized`, is computed as Keras does.

    The moving variance follows the variance of the batches; or, with
    `unbiased`, the estimate that PyTorch's and other published training code
    keeps, for `n` values a channel:

    $$
    \sigma^2 \leftarrow \mu \sigma^2 + (1 - \mu) \frac{n}{n - 1} \sigma_B^2
    $$

    `keras_drop.training.unbiased_moving_variance` sets it in a model.

    Args:
        momentum: What the moving statistics keep in a step.
        epsilon: Added to the variance.
        **kwargs: Others of `keras.layers.BatchNormalization`.

    Call arguments:
        inputs: `(batch, ..., channels)`.

    Returns:
        As `inputs`.

    Example:
    >>> import keras
    >>> from keras_drop.layers import BatchNormalization
    >>> layer = BatchNormalization(momentum=0.9, epsilon=1e-5)
    >>> maps = keras.random.normal((2, 16, 8, 4))
    >>> keras.ops.shape(layer(maps, training=True))
    (2, 16, 8, 4)

    Reference:
        [Ioffe and Szegedy, 2015](https://arxiv.org/abs/1502.03167)
    """

    # Of the class: layers that `own_batch_normalizations` takes over have it.
    unbiased = False
    # Whose moments are common, besides `synchronized` on TensorFlow; set by
    # `keras_drop.training.synchronize_batch_normalization`.
    num_devices = 1

    def __init__(self, momentum=0.99, epsilon=1e-3, **kwargs):
        super().__init__(momentum=momentum, epsilon=epsilon, **kwargs)

    def call(self, inputs, training=None, mask=None):
        last = self.axis in (-1, len(inputs.shape) - 1)
        plain = not last or mask is not None or self.renorm
        if plain or not (training and self.trainable):
            return super().call(inputs, training=training, mask=mask)
        normalised, mean, variance = self._normalise(inputs)
        self.follow(mean, variance, self._count(inputs))
        return ops.cast(normalised, self.compute_dtype)

    def follow(self, mean, variance, count, where=True):
        """Moves the moving statistics a step.

        Args:
            mean: `(channels,)`, of the batch.
            variance: `(channels,)`, of the batch, biased.
            count: Values a channel.
            where: Whether to, a boolean tensor.
        """
        if self.unbiased:
            count = ops.cast(count, variance.dtype)
            variance = variance * count / ops.maximum(count - 1.0, 1.0)
        for moving, now in (
            (self.moving_mean, mean),
            (self.moving_variance, variance),
        ):
            before = ops.convert_to_tensor(moving)
            now = ops.cast(now, before.dtype)
            after = before * self.momentum + now * (1.0 - self.momentum)
            moving.assign(
                after if where is True else ops.where(where, after, before)
            )

    def _normalise(self, inputs):
        if len(inputs.shape) == 4 and self._all_devices() == 1:
            found = fused_batch_normalization(
                inputs, *self._scale_and_offset("float32"), self.epsilon
            )
            if found is not None:
                return found
        dtype = keras.backend.result_type(inputs.dtype, "float32")
        inputs = ops.cast(inputs, dtype)
        mean, variance = self._moments(inputs, None)
        scale, offset = self._scale_and_offset(dtype)
        normalised = ops.batch_normalization(
            inputs, mean, variance, -1, offset, scale, self.epsilon
        )
        return normalised, mean, variance

    def _all_devices(self):
        return num_replicas() if self.synchronized else self.num_devices

    def _scale_and_offset(self, dtype):
        return (
            None if weight is None else ops.cast(weight, dtype)
            for weight in (self.gamma, self.beta)
        )

    def _count(self, inputs):
        if not self.unbiased:
            return None
        return ops.size(inputs) / inputs.shape[-1] * self._all_devices()


def own_batch_normalizations(model):
    """Makes the batch normalisations of Keras in a model the ones above.

    Weights, names, numbers and files stay as they are; this is for backbones
    that others have built, such as KerasHub's.

    Args:
        model: `keras.Model`, the nested ones in it included; it is changed.
    """
    for layer in model._flatten_layers():
        # Theirs alone: a subclass may compute something else.
        if type(layer) is keras.layers.BatchNormalization:
            # A graph cannot have a layer replaced, nor can its weights move.
            layer.__class__ = BatchNormalization

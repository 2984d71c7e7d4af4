import keras
from keras import ops

from keras_drop.losses.valid_anchors import scale_to_valid
from keras_drop.ops import (
    batch_identities,
    nan_of_strangers,
    to_unit_length,
)
from keras_drop.registration import register


@register
class MemoryContrastive(keras.losses.Loss):
    r"""Tells by its embedding in a memory which person an image shows.

    The cross-entropy of the cosines of an image to one embedding per person,
    divided by a temperature. People that the memory has not seen take no
    part. Their images are left out of the mean; if all are, the loss is 0.

    $$
    L = - \log \frac{\exp(\cos(f, M_y) / \tau)}
    {\sum_c \exp(\cos(f, M_c) / \tau)}
    $$

    for the embedding `f` of an image of person `y`, and the embeddings `M_c`
    of all people in the memory.

    Args:
        temperature: The smaller, the more the nearest people count.
        **kwargs: `reduction`, `name` and `dtype` of `keras.losses.Loss`.

    Call arguments:
        y_true: `(batch,)` integers, the identities as labels from 0.
        y_pred: Dictionary of `(batch, dim)` `"embeddings"`, and of `"memory"`
            `(identities, dim)` and `"seen"` `(identities,)` as
            `IdentityMemory.read` gives them.

    Returns:
        The loss reduced as `reduction` says, a scalar.

    Raises:
        ValueError: A temperature that is not positive.

    Example:
    >>> from keras import ops
    >>> from keras_drop.losses import MemoryContrastive
    >>> batch = {
    ...     "embeddings": ops.array([[2.0, 1.0]]),
    ...     "memory": ops.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]),
    ...     "seen": ops.array([True, True, True]),
    ... }
    >>> round(float(MemoryContrastive(temperature=0.05)([0], batch)), 4)
    1.3762

    Reference:
        [Zhang et al., 2024](https://arxiv.org/abs/2402.10435); the loss:
        [Dai et al., 2021](https://arxiv.org/abs/2103.11568)
    """

    def __init__(self, temperature=0.05, **kwargs):
        super().__init__(**kwargs)
        if not temperature > 0:
            raise ValueError(
                f"`temperature` is {temperature}; it has to be positive, such "
                "as 0.05."
            )
        self.temperature = temperature

    def call(self, y_true, y_pred):
        return memory_contrastive(
            y_true, **y_pred, temperature=self.temperature
        )

    def get_config(self):
        return {
            **super().get_config(),
            "temperature": self.temperature,
            "dtype": self.dtype,
        }


def memory_contrastive(identities, embeddings, memory, seen, temperature=0.05):
    """Contrastive loss of every image against the memory.

    Args:
        identities: `(batch,)` integers from 0.
        embeddings: `(batch, dim)`; computed in float32.
        memory: `(identities, dim)`, held without gradient.
        seen: `(identities,)` bool: who has an embedding in the memory.
        temperature: By which the cosines are divided.

    Returns:
        `(batch,)` losses, whose mean over all replicas is the mean over the
        images whose person the memory has seen; not a number for a label
        that has no place in the memory.
    """
    identities = batch_identities(identities, embeddings)
    embeddings = to_unit_length(ops.cast(embeddings, "float32"))
    memory = ops.stop_gradient(to_unit_length(ops.cast(memory, "float32")))
    seen = ops.cast(seen, "bool")
    cosines = ops.matmul(embeddings, ops.transpose(memory))
    logits = ops.where(seen[None, :], cosines / temperature, -1e9)
    log_probabilities = ops.log_softmax(logits, axis=-1)
    places = ops.clip(identities, 0, memory.shape[0] - 1)
    own = ops.take_along_axis(log_probabilities, places[:, None], axis=-1)
    losses = scale_to_valid(-own[:, 0], ops.take(seen, places, axis=0))
    return nan_of_strangers(losses, identities, memory.shape[0])

import keras
from keras import ops

from keras_drop.backend import gather_replicas
from keras_drop.registration import register


@register
class PartsEmbeddingMemoryBank(keras.layers.Layer):
    """First-in-first-out queue of past part embeddings (PEMB).

    Its state is non-trainable weights: it is saved with the model, and no
    gradient flows into it. The model that owns it makes it in its
    constructor, and calls `read` before `enqueue` in its training step.
    Several replicas hold the same bank: each writes the batches of all.

    Args:
        capacity: Number of images kept.
        num_parts: Parts of an image, without foreground and background.
        dim: Size of one part embedding.

    Raises:
        ValueError: A capacity below 1.

    Example:
    >>> from keras import ops
    >>> from keras_drop.layers import PartsEmbeddingMemoryBank
    >>> bank = PartsEmbeddingMemoryBank(capacity=4, num_parts=8, dim=512)
    >>> bank.enqueue(ops.ones((3, 8, 512)), ops.array([7, 7, 9]),
    ...     ops.ones((3, 8)))
    >>> embeddings, identities, visibility = bank.read()
    >>> ops.convert_to_numpy(identities)
    array([ 7,  7,  9, -1], dtype=int32)

    Reference:
        [Dou et al., 2024](https://arxiv.org/abs/2401.18032)
    """

    def __init__(self, capacity, num_parts, dim, **kwargs):
        super().__init__(**kwargs)
        if capacity < 1:
            raise ValueError(
                f"A bank holds at least 1 image; capacity is {capacity}. "
                "For a loss without a bank, make none."
            )
        self.capacity = capacity
        self.num_parts = num_parts
        self.dim = dim
        self.embeddings = self._state(
            "embeddings", (capacity, num_parts, dim), "zeros", "float32"
        )
        self.identities = self._state(
            "identities", (capacity,), keras.initializers.Constant(-1), "int"
        )
        self.visibility = self._state(
            "visibility", (capacity, num_parts), "zeros", "float32"
        )
        self.pointer = self._state("pointer", (), "zeros", "int")
        self.built = True

    def _state(self, name, shape, initializer, dtype):
        return self.add_weight(
            name=name,
            shape=shape,
            initializer=initializer,
            dtype=dtype,
            trainable=False,
            autocast=False,
            aggregation="only_first_replica",
        )

    def read(self):
        """The bank as it is now, as copies that later writes leave alone.

        Returns:
            Tuple of embeddings `(capacity, parts, dim)`, identities
            `(capacity,)` int32, `-1` for an empty slot, and visibility
            `(capacity, parts)`.
        """
        return (
            ops.copy(self.embeddings),
            ops.cast(ops.copy(self.identities), "int32"),
            ops.copy(self.visibility),
        )

    def enqueue(self, embeddings, identities, visibility, enabled=True):
        """Writes the batches of all replicas over the oldest slots.

        Of a batch larger than the bank, its last images remain.

        Args:
            embeddings: `(batch, parts, dim)`.
            identities: `(batch,)` integers, not negative.
            visibility: `(batch, parts)`, in `[0, 1]` or boolean.
            enabled: Boolean, or a boolean scalar tensor. If false, the bank
                stays as it is.
        """
        batch = [
            gather_replicas(ops.stop_gradient(ops.cast(x, queue.dtype)))
            for x, queue in (
                (embeddings, self.embeddings),
                (identities, self.identities),
                (visibility, self.visibility),
            )
        ]
        enabled = ops.cast(enabled, "bool")
        pointer = ops.convert_to_tensor(self.pointer)
        # Sizes stay as they are: on JAX they must remain Python integers.
        count = ops.shape(batch[0])[0]
        kept = ops.shape(batch[0][-self.capacity :])[0]
        places = ops.arange(count - kept, count, dtype=pointer.dtype)
        slots = ops.mod(pointer + places, self.capacity)
        queues = self.embeddings, self.identities, self.visibility
        for queue, rows in zip(queues, batch, strict=True):
            old = ops.take(queue, slots, axis=0)
            rows = ops.where(enabled, rows[-self.capacity :], old)
            queue.assign(ops.scatter_update(queue, slots[:, None], rows))
        moved = ops.mod(pointer + ops.cast(count, pointer.dtype), self.capacity)
        self.pointer.assign(ops.where(enabled, moved, pointer))

    def get_config(self):
        return {
            **super().get_config(),
            "capacity": self.capacity,
            "num_parts": self.num_parts,
            "dim": self.dim,
        }

import keras
import numpy as np
from keras import ops

from keras_drop.backend import gather_replicas
from keras_drop.registration import register


@register
class IdentityMemory(keras.layers.Layer):
    """One moving embedding for each person of the training set.

    Its state is non-trainable weights: it is saved with the model, and no
    gradient flows into it. The model that owns it makes it in its
    constructor, and calls `read` before `update` in its training step.
    Several replicas hold the same memory: each sees the batches of all.

    Args:
        num_identities: Number of people in the training set.
        dim: Size of an embedding.
        momentum: How much of a person's embedding an image keeps, in
            `[0, 1)`.

    Raises:
        ValueError: Another momentum.

    Example:
    >>> import numpy as np
    >>> from keras import ops
    >>> from keras_drop.layers import IdentityMemory
    >>> memory = IdentityMemory(num_identities=3, dim=2, momentum=0.2)
    >>> memory.fill(np.ones((3, 2)), np.array([0, 1, 2]))
    >>> memory.update(ops.array([[2.0, 1.0]]), ops.array([1]))
    >>> embeddings, seen = memory.read()
    >>> ops.convert_to_numpy(embeddings[1]).round(3).tolist()[1]
    1.0

    Reference:
        [Zhang et al., 2024](https://arxiv.org/abs/2402.10435)
    """

    def __init__(self, num_identities, dim, momentum=0.2, **kwargs):
        super().__init__(**kwargs)
        if not 0 <= momentum < 1:
            raise ValueError(
                f"`momentum` is {momentum}; it has to be at least 0 and less "
                "than 1, such as 0.2."
            )
        self.num_identities = num_identities
        self.dim = dim
        self.momentum = momentum
        state = {
            "initializer": "zeros",
            "trainable": False,
            "autocast": False,
            "aggregation": "only_first_replica",
        }
        self.embeddings = self.add_weight(
            name="embeddings",
            shape=(num_identities, dim),
            dtype="float32",
            **state,
        )
        # 1 for who was ever written, else 0.
        self.seen = self.add_weight(
            name="seen", shape=(num_identities,), dtype="int32", **state
        )
        self.built = True

    def read(self):
        """The memory as it is now, as copies that updates leave alone.

        Returns:
            Tuple of embeddings `(identities, dim)` and of booleans
            `(identities,)`, false for who was never written.
        """
        return ops.copy(self.embeddings), ops.copy(self.seen) > 0

    def update(self, embeddings, identities):
        """Moves the people towards the images of the batches of all replicas.

        One image after the other, in their order: a person's embedding
        becomes `momentum` times itself plus `1 - momentum` times the image's.
        The first image of a person is copied.

        Args:
            embeddings: `(batch, dim)`.
            identities: `(batch,)` integers from 0.
        """
        embeddings = gather_replicas(
            ops.stop_gradient(ops.cast(embeddings, "float32"))
        )
        identities = gather_replicas(ops.cast(identities, "int32"))
        stored, seen = self.read()
        # What the images of a batch leave of each other, without a loop.
        same = ops.equal(identities[:, None], identities[None, :])
        same = ops.cast(same, "float32")
        earlier = ops.sum(ops.tril(same, k=-1), axis=1)
        later = ops.sum(ops.triu(same, k=1), axis=1)
        copied = ops.logical_and(
            ops.equal(earlier, 0.0),
            ops.logical_not(ops.take(seen, identities, axis=0)),
        )
        kept = ops.power(ops.full_like(later, self.momentum), later)
        weights = ops.where(copied, 1.0, 1.0 - self.momentum) * kept
        count = ops.segment_sum(
            ops.ones_like(later), identities, num_segments=self.num_identities
        )
        added = ops.segment_sum(
            weights[:, None] * embeddings,
            identities,
            num_segments=self.num_identities,
        )
        left = ops.power(ops.full_like(count, self.momentum), count)
        left = ops.where(seen, left, 0.0)[:, None]
        self.embeddings.assign(left * stored + added)
        seen = ops.logical_or(seen, count > 0.0)
        self.seen.assign(ops.cast(seen, "int32"))

    def fill(self, embeddings, identities):
        """Sets every person to the mean of their images. Outside of a step.

        Args:
            embeddings: `(images, dim)` array.
            identities: `(images,)` integers from 0; every person is there.

        Raises:
            ValueError: Arrays that do not fit, or a person without an image.
        """
        embeddings = np.asarray(embeddings, "float64")
        identities = np.asarray(identities).astype("int64")
        if embeddings.shape != (len(identities), self.dim):
            raise ValueError(
                f"{len(identities)} identities need embeddings of the shape "
                f"({len(identities)}, {self.dim}); got {embeddings.shape}."
            )
        known = np.arange(self.num_identities)
        if not np.array_equal(np.unique(identities), known):
            found = len(np.intersect1d(identities, known))
            raise ValueError(
                f"The memory is of the people 0 to {known[-1]}; the images "
                f"show {found} of these {len(known)}, and the labels go from "
                f"{identities.min()} to {identities.max()}. Give all training "
                "images, with the labels of `keras_drop.data.identity_labels`."
            )
        sums = np.zeros((self.num_identities, self.dim))
        np.add.at(sums, identities, embeddings)
        self.embeddings.assign(sums / np.bincount(identities)[:, None])
        self.seen.assign(np.ones(self.num_identities, "int32"))

    def get_config(self):
        return {
            **super().get_config(),
            "num_identities": self.num_identities,
            "dim": self.dim,
            "momentum": self.momentum,
        }

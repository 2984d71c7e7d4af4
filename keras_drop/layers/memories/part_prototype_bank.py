import keras
from keras import ops

from keras_drop.backend import gather_replicas
from keras_drop.checks import checked_share
from keras_drop.registration import register


@register
class PartPrototypeBank(keras.layers.Layer):
    """One moving centre for each part of each person of the training set.

    Its state is non-trainable weights: it is saved with the model, and no
    gradient flows into it. The model that owns it makes it in its
    constructor, and calls `read` before `update` in its training step.
    Several replicas hold the same centres: each sees the batches of all.

    Args:
        num_identities: Number of people in the training set.
        num_parts: Parts of an image, without foreground and background.
        dim: Size of one part embedding.
        momentum: How much of a centre an update keeps.

    Example:
    >>> from keras import ops
    >>> from keras_drop.layers import PartPrototypeBank
    >>> bank = PartPrototypeBank(num_identities=3, num_parts=2, dim=4)
    >>> bank.update(ops.ones((1, 2, 4)), ops.array([1]), [[1.0, 0.0]])
    >>> prototypes, seen = bank.read()
    >>> ops.convert_to_numpy(seen).tolist()
    [[False, False], [True, False], [False, False]]

    Reference:
        [Dou et al., 2024](https://arxiv.org/abs/2401.18032)
    """

    def __init__(self, num_identities, num_parts, dim, momentum=0.9, **kwargs):
        super().__init__(**kwargs)
        self.num_identities = num_identities
        self.num_parts = num_parts
        self.dim = dim
        self.momentum = checked_share("momentum", momentum)
        state = {
            "initializer": "zeros",
            "dtype": "float32",
            "trainable": False,
            "autocast": False,
            "aggregation": "only_first_replica",
        }
        self.prototypes = self.add_weight(
            name="prototypes", shape=(num_identities, num_parts, dim), **state
        )
        # 1 where a centre was ever written, else 0.
        self.seen = self.add_weight(
            name="seen", shape=(num_identities, num_parts), **state
        )
        self.built = True

    def read(self):
        """The centres as they are now, as copies that updates leave alone.

        Returns:
            Tuple of centres `(identities, parts, dim)` and of booleans
            `(identities, parts)`, false where a centre was never written.
        """
        return ops.copy(self.prototypes), ops.copy(self.seen) > 0.0

    def update(self, embeddings, identities, visibility, enabled=True):
        """Moves the centres towards the means of the batches of all replicas.

        The mean of a part is over the images of that person that show it,
        weighted by visibility. The first one is copied; where no image shows
        a part, its centre stays.

        Args:
            embeddings: `(batch, parts, dim)`.
            identities: `(batch,)` integers from 0.
            visibility: `(batch, parts)`, in `[0, 1]` or boolean.
            enabled: Boolean, or a boolean scalar tensor. If false, the bank
                stays as it is.
        """
        identities = gather_replicas(ops.cast(identities, "int32"))
        embeddings, weights = (
            gather_replicas(ops.stop_gradient(ops.cast(x, "float32")))
            for x in (embeddings, visibility)
        )
        total, sums = (
            ops.segment_sum(x, identities, num_segments=self.num_identities)
            for x in (weights, weights[..., None] * embeddings)
        )
        shown = total > 0.0
        means = sums / ops.where(shown, total, 1.0)[..., None]
        centres = ops.convert_to_tensor(self.prototypes)
        seen = ops.convert_to_tensor(self.seen)
        moved = self.momentum * centres + (1.0 - self.momentum) * means
        moved = ops.where(seen[..., None] > 0.0, moved, means)
        written = ops.logical_and(shown, ops.cast(enabled, "bool"))
        self.prototypes.assign(ops.where(written[..., None], moved, centres))
        self.seen.assign(ops.where(written, 1.0, seen))

    def get_config(self):
        return {
            **super().get_config(),
            "num_identities": self.num_identities,
            "num_parts": self.num_parts,
            "dim": self.dim,
            "momentum": self.momentum,
        }

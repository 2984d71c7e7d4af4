import keras
from keras import ops

from keras_drop.backend import gather_replicas
from keras_drop.checks import refuse_outside
from keras_drop.registration import register


@register
class IdentityCentres(keras.layers.Layer):
    r"""One centre for each person, which the centre loss draws images to.

    $$
    c_j \leftarrow c_j - \alpha \, \frac{\sum_{i: y_i = j} (c_j - x_i)}
    {1 + \lvert \{i: y_i = j\} \rvert}
    $$

    for the images `i` of a batch: equation (4) of the paper. The centres
    begin at 0. Its state is a non-trainable weight: it is saved with the
    model, and no gradient flows into it. The model that owns it makes it in
    its constructor, and calls `read` before `update` in its training step.
    Several replicas hold the same centres: each sees the batches of all.

    Args:
        num_identities: Number of people in the training set.
        dim: Size of an embedding.
        rate: The paper's `alpha`, by how much centres move; from 0 to 1.

    Raises:
        ValueError: Another rate.

    Example:
    >>> from keras import ops
    >>> from keras_drop.layers import IdentityCentres
    >>> centres = IdentityCentres(num_identities=3, dim=2)
    >>> centres.update(ops.array([[2.0, 1.0]]), ops.array([1]))
    >>> ops.convert_to_numpy(centres.read())[1].tolist()
    [0.5, 0.25]

    Reference:
        [Wen et al., 2016](https://doi.org/10.1007/978-3-319-46478-7_31)
    """

    def __init__(self, num_identities, dim, rate=0.5, **kwargs):
        super().__init__(**kwargs)
        refuse_outside(0, 1, rate=rate)
        self.num_identities = num_identities
        self.dim = dim
        self.rate = rate
        self.centres = self.add_weight(
            name="centres",
            shape=(num_identities, dim),
            initializer="zeros",
            dtype="float32",
            trainable=False,
            autocast=False,
            aggregation="only_first_replica",
        )
        self.built = True

    def read(self):
        """The centres as they are now, a copy that updates leave alone.

        Returns:
            `(identities, dim)`.
        """
        return ops.copy(self.centres)

    def update(self, embeddings, identities):
        """Moves the centres towards the images of the batches of all replicas.

        Args:
            embeddings: `(batch, dim)`.
            identities: `(batch,)` integers from 0.
        """
        embeddings = gather_replicas(
            ops.stop_gradient(ops.cast(embeddings, "float32"))
        )
        identities = gather_replicas(ops.cast(identities, "int32"))
        sums, count = (
            ops.segment_sum(x, identities, num_segments=self.num_identities)
            for x in (embeddings, ops.ones_like(embeddings[:, :1]))
        )
        centres = self.read()
        away = (count * centres - sums) / (1.0 + count)
        self.centres.assign(centres - self.rate * away)

    def get_config(self):
        return {
            **super().get_config(),
            "num_identities": self.num_identities,
            "dim": self.dim,
            "rate": self.rate,
        }

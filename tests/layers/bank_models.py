"""A small model that trains with a bank, as the models of the papers do."""

import keras
from keras import ops


class ModelWithBank(keras.Model):
    """One dense layer to part embeddings; the bank is filled while it fits.

    The loss is the mean of the embeddings, plus a term that reads the bank
    before the batch is written to it.
    """

    def __init__(self, bank, num_parts, dim):
        features = keras.Input((num_parts, dim))
        super().__init__(
            features, keras.layers.Dense(dim, use_bias=False)(features)
        )
        self.bank = bank
        self.epoch = self.add_weight(
            name="epoch", initializer="zeros", dtype="int", trainable=False
        )

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        before = ops.sum(self.bank.read()[0])
        loss = ops.mean(y_pred) * (1.0 + 1e-3 * before)
        if not training:
            return loss
        write = getattr(self.bank, "enqueue", None) or self.bank.update
        visibility = x[:, :, 0] * 0.0 + 1.0
        write(x, y, visibility, enabled=self.epoch >= 1)
        return loss

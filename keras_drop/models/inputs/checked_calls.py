import keras

from keras_drop import backend
from keras_drop.models.inputs.call_checks import (
    check_batch,
    check_images,
    check_learnt,
)


class CheckedCalls:
    """The calls of `keras.Model`, which look at what they are given first."""

    def compile(
        self,
        optimizer="rmsprop",
        loss=None,
        loss_weights=None,
        metrics=None,
        weighted_metrics=None,
        **kwargs,
    ):
        """`keras.Model.compile`, without losses and metrics: both are here.

        Args:
            optimizer: As of `keras.Model.compile`.
            loss: Nothing, as the next three: what a model learns from is in
                its constructor.
            loss_weights: Nothing.
            metrics: Nothing.
            weighted_metrics: Nothing.
            **kwargs: Its other arguments, such as `jit_compile`.

        Raises:
            ValueError: `loss`, `loss_weights` or `metrics` are given.
        """
        for name, given in (
            ("loss", loss),
            ("loss_weights", loss_weights),
            ("metrics", metrics),
            ("weighted_metrics", weighted_metrics),
        ):
            if given is not None:
                raise ValueError(
                    f"`compile` takes no `{name}`: the losses of "
                    f"{type(self).__name__} are in `loss_terms`, weighed by "
                    "the constructor's `loss_weights` and replaced by its "
                    "`term_losses`; retrieval is measured by "
                    "`keras_drop.training.RetrievalEvaluation`."
                )
        keras.Model.compile(self, optimizer, **kwargs)

    def compile_from_config(self, config):
        """Compiles as a stored model was; Keras calls it."""
        self.compile(**keras.saving.deserialize_keras_object(config))
        self.optimizer.build(self.trainable_variables)

    def fit(
        self,
        x=None,
        y=None,
        batch_size=None,
        epochs=1,
        verbose="auto",
        callbacks=None,
        **kwargs,
    ):
        """`keras.Model.fit`, with the epoch's number kept in the model.

        Batches that know their epoch, such as `TrainingBatches`, are set to
        the first one, and are taken in their own order.

        Raises:
            ValueError: Before the first step, of what is learnt from and of
                `validation_data`: people that the model has no place for,
                labels of another shape, or images of another size or whose
                values are not from 0 to 255.
        """
        check_learnt(self, x, y)
        held_out = kwargs.get("validation_data")
        if isinstance(held_out, tuple | list):
            check_learnt(self, *held_out[:2])
        else:
            check_learnt(self, held_out)
        if hasattr(x, "epoch"):
            x.epoch = kwargs.get("initial_epoch", 0)
            kwargs.setdefault("shuffle", False)
        callbacks = [_KeepEpoch(), *(callbacks or [])]
        return backend.fit(
            self, x, y, batch_size, epochs, verbose, callbacks, **kwargs
        )

    def train_on_batch(self, x, y=None, **kwargs):
        """`keras.Model.train_on_batch`, which knows no epoch.

        Of the values of the images it looks at the first one's, since all
        would take a share of a short step.

        Args:
            x: As of `fit`, one batch.
            y: As of `fit`, one batch.
            **kwargs: With `return_dict=True` it returns the loss and its terms
                by name, and without a list of them, the loss first, whose
                names `metrics_names` does not have.

        Raises:
            ValueError: As of `fit`, or `class_weight`.
        """
        if kwargs.get("class_weight") is not None:
            raise ValueError(
                "`class_weight` has no meaning here: people are balanced by "
                "how batches are drawn, as `keras_drop.data.IdentitySampler` "
                "does. Leave it out."
            )
        check_batch(self, x, y)
        return keras.Model.train_on_batch(self, x, y, **kwargs)

    def test_on_batch(self, x, y=None, **kwargs):
        """`keras.Model.test_on_batch`, as `train_on_batch` without learning."""
        check_batch(self, x, y)
        return keras.Model.test_on_batch(self, x, y, **kwargs)

    def evaluate(self, x=None, y=None, **kwargs):
        """`keras.Model.evaluate`: the losses on batches like those of `fit`.

        Raises:
            ValueError: As of `fit`.
        """
        # `fit` comes here after every epoch, and has looked at its data.
        callbacks = kwargs.get("callbacks")
        if not isinstance(callbacks, keras.callbacks.CallbackList):
            check_learnt(self, x, y)
        return keras.Model.evaluate(self, x, y, **kwargs)

    def predict(self, x, **kwargs):
        """`keras.Model.predict`: all outputs, by name, as NumPy arrays.

        Raises:
            ValueError: An array of images of another size than the model's,
                or of floats that are not from 0 to 255.
        """
        check_images(self, x)
        return keras.Model.predict(self, x, **kwargs)


class _KeepEpoch(keras.callbacks.Callback):
    """Tells the model which epoch it is in; counted from 0, also on resume."""

    def on_epoch_begin(self, epoch, logs=None):
        self.model.epoch.assign(epoch)

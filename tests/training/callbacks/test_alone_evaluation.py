import keras
import numpy as np

from keras_drop.training.callbacks.alone_evaluation import (
    AloneEvaluation,
    prepare_alone,
    trained_copy,
)


class Look(keras.callbacks.Callback):
    """Notes the output for ones, and spoils the weights."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def on_epoch_end(self, epoch, logs=None):
        self.seen.append(output(self.model))
        self.model.set_weights([0 * w for w in self.model.get_weights()])
        logs["seen"] = self.seen[-1]


def small(optimizer=None):
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(optimizer or keras.optimizers.SGD(0.1), "mse")
    return model


def output(model):
    return float(keras.ops.convert_to_numpy(model(np.ones((1, 1))))[0, 0])


def fit(model, callbacks=()):
    x = np.ones((2, 1), "float32")
    return model.fit(
        x, 3 * x, 1, epochs=2, callbacks=[*callbacks], verbose=0
    ).history


def test_it_sees_the_weights_and_cannot_touch_them():
    model, look, after = small(), Look(), []
    note = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: after.append(output(model))
    )
    history = fit(model, [AloneEvaluation([look]), note])
    np.testing.assert_allclose(look.seen, after, rtol=1e-6)
    assert history["seen"] == look.seen
    assert len(set(after)) == 2


def test_what_is_prepared_comes_back():
    model = small()
    prepare_alone(
        lambda copy: copy.set_weights([w + 5 for w in copy.get_weights()]),
        model,
    )
    assert output(model) > 5


def test_the_copy_has_the_averages():
    """Of two weights 1/2 and 1/2 of each step after the first."""
    model = small(keras.optimizers.SGD(0.1, use_ema=True, ema_momentum=0.5))
    fit(model)
    copy = trained_copy(model)
    assert getattr(copy, "optimizer", None) is None
    averages = model.optimizer._model_variables_moving_average
    for weight, average in zip(copy.get_weights(), averages, strict=True):
        np.testing.assert_allclose(
            weight, keras.ops.convert_to_numpy(average), rtol=1e-6
        )

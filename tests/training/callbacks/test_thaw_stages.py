import keras
import numpy as np
import pytest

from keras_drop.models import freeze_stages
from keras_drop.models.backbones import backbone_stages
from keras_drop.training import CoupledAdam, RunCheckpoint, ThawStages
from keras_drop.training.optimizers.averaged_weights import averages
from tests.models.small import resnet
from tests.testing import SLOW_NIGHTLY_ON_JAX

IMAGES = np.random.default_rng(1).normal(2.0, 3.0, (8, 3)).astype("float32")
SUMS = IMAGES.sum(axis=1, keepdims=True)


def build(seed=1, frozen=True):
    keras.utils.set_random_seed(seed)
    backbone = keras.Sequential(
        [
            keras.Input((3,)),
            keras.layers.Dense(5, name="first"),
            keras.layers.BatchNormalization(name="first_normalisation"),
        ],
        name="backbone",
    )
    outputs = keras.layers.Dense(1, name="head")(backbone.outputs[0])
    model = keras.Model(backbone.inputs, outputs)
    model.backbone = backbone
    for layer in backbone.layers:
        layer.trainable = not frozen
    model.compile(CoupledAdam(0.02), "mse")
    return model


class Interruption(keras.callbacks.Callback):
    def __init__(self, epoch):
        super().__init__()
        self.epoch = epoch

    def on_epoch_begin(self, epoch, logs=None):
        if epoch == self.epoch:
            raise KeyboardInterrupt


class BackboneWeights(keras.callbacks.Callback):
    """The weights of the backbone after each epoch."""

    def on_train_begin(self, logs=None):
        self.epochs = []

    def on_epoch_end(self, epoch, logs=None):
        self.epochs.append(self.model.backbone.get_weights())


def fit(model, *callbacks, epochs=4, first=0):
    model.fit(
        IMAGES,
        SUMS,
        batch_size=4,
        epochs=epochs,
        initial_epoch=first,
        callbacks=list(callbacks),
        shuffle=False,
        verbose=0,
    )


def test_the_backbone_rests_until_it_is_thawed():
    model, seen = build(), BackboneWeights()
    start = model.backbone.get_weights()
    fit(model, ThawStages(2), seen)
    for frozen in seen.epochs[:2]:
        for expected, actual in zip(start, frozen, strict=True):
            np.testing.assert_array_equal(actual, expected)
    for before, after in zip(start, seen.epochs[2], strict=True):
        assert np.abs(after - before).max() > 1e-4, "moves, statistics too"
    assert int(model.optimizer.iterations) == 8


@pytest.mark.slow
def test_the_optimizer_goes_on_with_the_other_weights():
    """By hand: two epochs of the head alone, then its moments with all."""
    model = build()
    fit(model, ThawStages(2), epochs=3)

    frozen = build()
    fit(frozen, epochs=2)
    thawed = build(seed=2, frozen=False)
    thawed.set_weights(frozen.get_weights())
    thawed.optimizer.build(thawed.trainable_variables)
    known = {weight.name: weight for weight in frozen.optimizer.variables}
    assert len(known) == len(frozen.optimizer.variables)
    for weight in thawed.optimizer.variables:
        if weight.name in known:
            weight.assign(known[weight.name])
    fit(thawed, epochs=3, first=2)
    for expected, actual in zip(
        thawed.get_weights(), model.get_weights(), strict=True
    ):
        np.testing.assert_allclose(actual, expected, atol=1e-6)


def test_an_optimizer_that_scales_losses_goes_on_as_well():
    """That of `mixed_float16`; its moments and averages are not lost."""
    model, thaw = build(), ThawStages(2)
    scaled = keras.optimizers.LossScaleOptimizer(
        CoupledAdam(0.02, use_ema=True, ema_momentum=0.5), initial_scale=4.0
    )
    model.compile(scaled, "mse")
    fit(model, epochs=2)

    def kept():
        optimizer = model.optimizer.inner_optimizer
        found = [
            *zip(optimizer._trainable_variables, optimizer._momentums),
            *zip(optimizer._trainable_variables, optimizer._velocities),
            *averages(model.optimizer),
        ]
        return [
            keras.ops.convert_to_numpy(state)
            for weight, state in found
            if weight.path.startswith("head")
        ]

    before = kept()
    assert len(before) == 6
    thaw.set_model(model)
    thaw.on_epoch_begin(2)
    assert len(model.optimizer.inner_optimizer._momentums) == 6
    for expected, actual in zip(before, kept(), strict=True):
        assert np.abs(expected).max() > 1e-6
        np.testing.assert_array_equal(actual, expected)


@pytest.mark.parametrize(
    "stopped",
    [
        pytest.param(1, id="before", marks=pytest.mark.nightly),
        pytest.param(2, id="at"),
        pytest.param(3, id="after", marks=pytest.mark.nightly),
    ],
)
def test_a_run_goes_on_across_the_thaw(tmp_path, stopped):
    straight = build()
    fit(straight, ThawStages(2))

    checkpoint = RunCheckpoint(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        fit(build(), ThawStages(2), Interruption(stopped), checkpoint)
    resumed, thaw = build(seed=2), ThawStages(2)
    assert checkpoint.state()["epoch"] == stopped
    thaw.resume(resumed, stopped)
    fit(resumed, thaw, checkpoint, first=checkpoint.restore(resumed))
    assert int(resumed.optimizer.iterations) == 8
    for expected, actual in zip(
        straight.get_weights(), resumed.get_weights(), strict=True
    ):
        np.testing.assert_allclose(actual, expected, atol=1e-6)


@SLOW_NIGHTLY_ON_JAX
def test_stages_begin_one_after_the_other():
    """Also in a run that goes on; each stage moves from its epoch on."""

    def frozen_resnet():
        keras.utils.set_random_seed(1)
        backbone = resnet((32, 16))
        freeze_stages(backbone, 2)
        model = keras.Model(
            backbone.input,
            keras.layers.GlobalAveragePooling2D()(
                backbone.pyramid_outputs["P5"]
            ),
        )
        model.backbone = backbone
        model.compile(CoupledAdam(0.02), "mse")
        return model

    def moving(before, after):
        first, second, *_ = backbone_stages(model.backbone)
        return [
            bool(
                np.any(
                    [
                        np.any(before[w.path] != after[w.path])
                        for layer in stage
                        for w in layer.weights
                    ]
                )
            )
            for stage in (first, second)
        ]

    def train(first, last):
        thaw = ThawStages(1, 2)
        thaw.resume(model, first)
        images = np.random.default_rng(0).normal(size=(2, 32, 16, 3))
        before = {w.path: keras.ops.convert_to_numpy(w) for w in model.weights}
        model.fit(
            images,
            np.ones((2, model.output.shape[1])),
            epochs=last,
            initial_epoch=first,
            verbose=0,
            callbacks=[thaw],
        )
        return moving(
            before,
            {w.path: keras.ops.convert_to_numpy(w) for w in model.weights},
        )

    model = frozen_resnet()
    assert train(0, 1) == [False, False]
    assert train(1, 2) == [False, True]
    assert train(2, 3) == [True, True]
    model = frozen_resnet()
    assert train(0, 2) == [False, True]


@pytest.mark.backend_neutral
@pytest.mark.parametrize("frozen", [0, 1, 3])
def test_several_epochs_are_for_as_many_frozen_stages(frozen):
    """Else stages that learn would be frozen, or several thaw at once."""
    backbone = resnet((32, 16))
    freeze_stages(backbone, frozen)
    model = keras.Model(backbone.input, backbone.pyramid_outputs["P5"])
    model.backbone = backbone
    model.compile("sgd", "mse")
    learning = len(backbone.trainable_weights)
    thaw = ThawStages(1, 4)
    thaw.set_model(model)
    for begin in (thaw.on_epoch_begin, lambda epoch: thaw.resume(model, epoch)):
        with pytest.raises(
            ValueError, match=rf"1, 4\), .* {frozen} are frozen"
        ):
            begin(0)
    assert len(backbone.trainable_weights) == learning


@pytest.mark.backend_neutral
@pytest.mark.parametrize(
    "epochs", [(), (0,), (3, 2), (2, 2), (1.5,), ("3",), (None,), (True,)]
)
def test_refuses_epochs_in_which_nothing_begins(epochs):
    with pytest.raises(ValueError, match="`epochs` are"):
        ThawStages(*epochs)

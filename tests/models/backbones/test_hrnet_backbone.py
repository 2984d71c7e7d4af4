import keras
import keras_hub
import numpy as np
import pytest

from keras_drop.models.backbones import HRNetBackbone
from tests.models.backbones.small_hrnet import SMALL
from tests.testing import assert_round_trip, assert_saves


def make_images(height=64, width=32):
    images = np.random.default_rng(0).normal(size=(2, height, width, 3))
    return images.astype("float32")


@pytest.fixture
def small(make_backbone):
    return make_backbone("small_hrnet")


@pytest.mark.slow
@pytest.mark.backend_neutral
def test_round_trip():
    assert_round_trip(HRNetBackbone, **SMALL, trainable=False)


@pytest.mark.slow
def test_saves(small, tmp_path):
    assert_saves(small, make_images(), tmp_path)


@pytest.mark.slow
@pytest.mark.backend_neutral
def test_preset(small, tmp_path):
    small.save_to_preset(str(tmp_path))
    revived = keras_hub.models.Backbone.from_preset(str(tmp_path))
    assert isinstance(revived, HRNetBackbone)
    expected, actual = small(make_images()), revived(make_images())
    for key in ("P2", "P3", "P4", "P5"):
        np.testing.assert_allclose(
            keras.ops.convert_to_numpy(expected[key]),
            keras.ops.convert_to_numpy(actual[key]),
            rtol=1e-5,
            atol=1e-6,
        )


@pytest.mark.slow
@pytest.mark.backend_neutral
def test_any_size():
    backbone = HRNetBackbone(**{**SMALL, "image_shape": (None, None, 3)})
    assert backbone.pyramid_outputs["P5"].shape == (None, None, None, 12)
    assert backbone(make_images(96, 64))["P4"].shape == (2, 6, 4, 8)


@pytest.mark.slow
@pytest.mark.backend_neutral
def test_every_weight_learns(small):
    inputs = keras.Input((64, 32, 3))
    maps = small(inputs)
    pooled = [keras.layers.GlobalMaxPooling2D()(x) for x in maps.values()]
    outputs = keras.layers.Dense(1)(keras.layers.Concatenate()(pooled))
    model = keras.Model(inputs, outputs)
    model.compile(keras.optimizers.SGD(1e-3), "mse", jit_compile=False)
    before = {v.path: v.numpy() for v in small.trainable_variables}
    model.fit(make_images(), np.array([[-1.0], [1.0]]), verbose=0)
    for variable in small.trainable_variables:
        changed = variable.numpy() != before[variable.path]
        assert changed.any(), f"{variable.path} does not learn"


@pytest.mark.backend_neutral
def test_mixed_precision():
    backbone = HRNetBackbone(**SMALL, dtype="mixed_bfloat16")
    assert {x.dtype for x in backbone.output.values()} == {"bfloat16"}
    assert {v.dtype for v in backbone.variables} == {"float32"}


@pytest.mark.backend_neutral
def test_convolutions_start_with_variance_two_by_fan_out():
    kernel = HRNetBackbone(**SMALL).get_layer("conv2").kernel.numpy()
    expected = np.sqrt(2 / (3 * 3 * 64))
    np.testing.assert_allclose(kernel.std(), expected, rtol=0.02)
    tail = np.mean(np.abs(kernel) > 2 * expected)
    np.testing.assert_allclose(tail, 0.0455, atol=0.01)


@pytest.mark.backend_neutral
def test_a_misspelt_argument_is_an_error():
    with pytest.raises(TypeError, match="branch_width"):
        HRNetBackbone(branch_width=(8, 8, 8, 8))


@pytest.mark.backend_neutral
@pytest.mark.parametrize(
    ("argument", "value", "message"),
    [
        ("branch_widths", (8, 8, 8), "`branch_widths` needs 4 numbers"),
        ("num_modules", (1, 1, 1, 1), "`num_modules` needs 3 numbers"),
        ("widening_planes", (8,), "`widening_planes` needs 4 numbers"),
        ("image_shape", (64, 48, 3), r"multiples of 32 .* \(64, 48, 3\)"),
        ("image_shape", (64, 32), r"multiples of 32 .* \(64, 32\)"),
    ],
)
def test_arguments_must_fit(argument, value, message):
    with pytest.raises(ValueError, match=message):
        HRNetBackbone(**{**SMALL, argument: value})

import math

import keras
import keras_hub
import numpy as np
import pytest

from keras_drop.models.backbones import BACKBONES, resnet18

pytestmark = pytest.mark.backend_neutral

# (256, 128) -> rows of P2 to P5; columns are half of that
RESNET_ROWS = 64, 32, 16, 16
HRNET_ROWS = 64, 32, 16, 8
HRNET_CHANNELS = 128, 256, 512, 1024
EXPECTED = {
    "resnet18": (RESNET_ROWS, (64, 128, 256, 512), 11_176_512),
    "resnet50": (RESNET_ROWS, (256, 512, 1024, 2048), 23_508_032),
    "hrnet_w18_small": (HRNET_ROWS, HRNET_CHANNELS, 2_836_640),
    "hrnet_w32": (HRNET_ROWS, HRNET_CHANNELS, 30_881_856),
}


def num_parameters(layers):
    """Kernels, scales and offsets; moving statistics are not counted."""
    variables = [v for layer in layers for v in layer.trainable_variables]
    return sum(math.prod(v.shape) for v in variables)


def test_every_backbone_has_its_name():
    assert set(BACKBONES) == {*EXPECTED, "vit_b16", "vit_small"}
    assert all(f.__name__ == name for name, f in BACKBONES.items())


@pytest.mark.parametrize("name", EXPECTED)
def test_shapes_and_parameters(name, make_backbone):
    rows, channels, parameters = EXPECTED[name]
    for image_size in ((256, 128), (384, 128)):
        backbone = make_backbone(name, image_size)
        assert backbone.input_shape == (None, *image_size, 3)
        assert {k: x.shape for k, x in backbone.pyramid_outputs.items()} == {
            f"P{i + 2}": (None, r * image_size[0] // 256, r // 2, c)
            for i, (r, c) in enumerate(zip(rows, channels))
        }
        assert num_parameters(backbone.layers) == parameters
    if name == "hrnet_w32":
        without = [x for x in backbone.layers if "incre_modules" not in x.name]
        assert num_parameters(without) == 29_305_536


@pytest.mark.parametrize("name", ["resnet18", "resnet50", "hrnet_w18_small"])
def test_normalisation_layers_are_those_of_the_papers(name, make_backbone):
    layers = make_backbone(name, (256, 128)).layers
    found = [
        x for x in layers if isinstance(x, keras.layers.BatchNormalization)
    ]
    assert len(found) >= 20
    for layer in found:
        assert layer.momentum == 0.9
        assert layer.epsilon == 1e-5
        assert layer.synchronized is False, "a replica keeps its statistics"
    for layer in layers:
        if isinstance(layer, keras.layers.Conv2D):
            assert not layer.use_bias


@pytest.mark.parametrize("name", EXPECTED)
@pytest.mark.parametrize("image_size", [(250, 128), (256, 0), (256,), 256])
def test_image_size_must_fit(name, image_size):
    with pytest.raises(ValueError, match="multiples of 32, received"):
        BACKBONES[name](image_size)


def test_presets_of_keras_hub_take_the_last_stride(tmp_path):
    """How the ImageNet weights of KerasHub are loaded."""
    options = resnet18((64, 32)).get_config()
    options["stackwise_num_strides"] = [1, 2, 2, 2]
    original = keras_hub.models.ResNetBackbone.from_config(options)
    original.save_to_preset(str(tmp_path))
    ours = keras_hub.models.ResNetBackbone.from_preset(
        str(tmp_path),
        stackwise_num_strides=[1, 2, 2, 1],
        image_shape=(128, 64, 3),
    )
    expected = resnet18((128, 64)).get_config()
    assert {**ours.get_config(), "image_shape": (128, 64, 3)} == expected
    assert ours.pyramid_outputs["P5"].shape == (None, 8, 4, 512)
    for a, b in zip(original.get_weights(), ours.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)

import inspect
import math
import os
import shutil
import subprocess
import sys
from pathlib import Path

import keras
import keras_hub
import numpy as np
import pytest

import keras_drop as kd
from keras_drop.models import BACKBONES, resnet18
from keras_drop.models.backbones import (
    CheckpointFormat,
    backbones_of_kind,
    named_backbone,
)

pytestmark = pytest.mark.backend_neutral

# (256, 128) -> rows of P2 to P5; columns are half of that
RESNET_ROWS = 64, 32, 16, 16
HRNET_ROWS = 64, 32, 16, 8
HRNET_CHANNELS = 128, 256, 512, 1024
EXPECTED = {
    "resnet18": (RESNET_ROWS, (64, 128, 256, 512), 11_176_512),
    "resnet50": (RESNET_ROWS, (256, 512, 1024, 2048), 23_508_032),
    "efficientnet_lite0": (RESNET_ROWS, (24, 40, 112, 1280), 3_371_008),
    "hrnet_w18_small": (HRNET_ROWS, HRNET_CHANNELS, 2_836_640),
    "hrnet_w32": (HRNET_ROWS, HRNET_CHANNELS, 30_881_856),
}

VITS = {"dinov2_vit_small14", "vit_b16", "vit_small"}


def num_parameters(layers):
    """Kernels, scales and offsets; moving statistics are not counted."""
    variables = [v for layer in layers for v in layer.trainable_variables]
    return sum(math.prod(v.shape) for v in variables)


def test_every_backbone_has_its_name():
    assert set(BACKBONES) == {*EXPECTED, *VITS}
    for name, build in BACKBONES.items():
        assert build.__name__ == name
        assert getattr(kd.models, name) is build
        assert name in kd.models.__all__
        made = inspect.signature(build).bind((64, 32))
        assert made.args == ((64, 32),), "all else has defaults"


@pytest.mark.slow
def test_kinds_are_what_the_models_find(make_backbone):
    assert set(backbones_of_kind("pyramid")) == set(EXPECTED)
    assert set(backbones_of_kind("tokens")) == VITS
    for name in BACKBONES:
        backbone = make_backbone(name)
        tokens = "tokens" in getattr(backbone, "feature_outputs", {})
        maps = hasattr(backbone, "pyramid_outputs")
        assert (tokens, maps) == (name in VITS, name in EXPECTED)
    with pytest.raises(ValueError, match=r"'tokens'; got 'token'"):
        backbones_of_kind("token")


@pytest.mark.parametrize("name", kd.models.MODELS)
def test_models_read_backbones_of_their_kind(name, make_backbone):
    model = kd.models.MODELS[name]
    small = {"pyramid": "resnet18", "tokens": "vit_small"}
    for kind, backbone in small.items():
        made = make_backbone(backbone, (128, 64))
        if kind == model.BACKBONE_KIND:
            model(made, 3)
            continue
        with pytest.raises(ValueError, match=rf"{small[model.BACKBONE_KIND]}"):
            model(made, 3)


ONE_FILE = '''
import keras
import keras_hub

from keras_drop.models.backbones import (
    CheckpointFormat,
    PublicWeight,
    named_backbone,
)


class Tiny(keras_hub.models.FeaturePyramidBackbone):
    def __init__(self, image_shape):
        x = images = keras.Input(image_shape)
        maps = {}
        for k, stride in enumerate((4, 2, 2, 1), start=2):
            x = keras.layers.Conv2D(4, stride, stride, name=f"conv{k}")(x)
            maps[f"P{k}"] = x
        super().__init__(images, x)
        self.image_shape, self.pyramid_outputs = image_shape, maps


def weights(backbone, path):
    kernel = backbone.get_layer("conv5").kernel
    return {"last.kernel": PublicWeight.of(kernel)}


@named_backbone("pyramid", CheckpointFormat(Tiny, weights, ("head.",)))
def tiny_net(image_size):
    """A backbone that is one file."""
    return Tiny((*image_size, 3))
'''
USE_OF_IT = """
import sys

import keras_drop as kd
import numpy as np

assert kd.__file__.startswith(sys.argv[1]), kd.__file__
backbone = kd.models.tiny_net((64, 32))
assert kd.models.BACKBONES["tiny_net"] is kd.models.tiny_net
assert "tiny_net" in kd.models.__all__
assert "tiny_net" in kd.models.backbones.backbones_of_kind("pyramid")
kernel = np.random.default_rng(0).normal(size=(1, 1, 4, 4)).astype("float32")
np.savez("x.npz", **{"last.kernel": kernel, "head.bias": np.zeros(2)})
kd.models.load_checkpoint(backbone, "x.npz")
found = backbone.get_layer("conv5").kernel
np.testing.assert_array_equal(np.asarray(found), kernel)
model = kd.models.DROP(backbone, 3, part_schema="five")
black = np.zeros((1, 64, 32, 3), "uint8")
assert model.embed(black).embeddings.shape == (1, 6, 512)
run = kd.training.Run("drop", backbone=kd.training.BackboneSettings("tiny_net"))
assert type(run.backbone.build((64, 32))) is type(backbone)
"""


@pytest.mark.slow
def test_a_backbone_is_one_file(tmp_path):
    """In a copy of the library with one file more."""
    library = Path(kd.__file__).parent
    shutil.copytree(
        library,
        tmp_path / "keras_drop",
        ignore=shutil.ignore_patterns("__pycache__"),
        copy_function=os.symlink,
    )
    made_up = tmp_path / "keras_drop" / "models" / "backbones" / "tiny_net.py"
    made_up.write_text(ONE_FILE)
    done = subprocess.run(
        [sys.executable, "-c", USE_OF_IT, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def test_a_taken_name_is_refused():
    release = CheckpointFormat(object, dict, ())
    with pytest.raises(ValueError, match=r"'resnet18' already, in .*resnet\."):
        named_backbone("pyramid", release)(resnet18)
    with pytest.raises(ValueError, match=r"'pyramid', 'tokens'; got 'maps'"):
        named_backbone("maps", release)
    assert BACKBONES["resnet18"] is resnet18


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
@pytest.mark.parametrize(
    "image_size",
    [(250, 128), (256, 0), (256,), 256, ("64", "32"), (64.0, 32.0)],
)
def test_image_size_must_fit(name, image_size):
    with pytest.raises(ValueError, match="multiples of 32, received"):
        BACKBONES[name](image_size)


@pytest.mark.slow
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

from pathlib import Path

import keras
import keras_hub
import numpy as np
import pytest

from keras_drop.models import (
    GlobalBaseline,
    dinov2_vit_small14,
    load_weights,
    resnet18,
    resnet50,
    vit_small,
    weight_names,
)
from keras_drop.models.backbones import PACKAGED_WEIGHTS
from keras_drop.models.backbones.checkpoints import (
    keras_hub_weights,
)
from keras_drop.models.backbones.checkpoints import (
    load_weights as load_weights_file,
)
from keras_drop.models.backbones.checkpoints.load_weights import check_weights

pytestmark = pytest.mark.backend_neutral


def test_names():
    assert weight_names("resnet50") == ("resnet50_imagenet",)
    assert {"efficientnet_lite0_imagenet", "vit_b16_imagenet21k"} <= set(
        weight_names()
    )


def test_the_guide_has_every_name():
    page = Path(__file__).parents[4] / "docs/guide/train.md"
    rows = page.read_text().split("## What to start from")[1].split("\n## ")[0]
    for name in weight_names():
        assert f"`{name}`" in rows


@pytest.fixture
def preset(tmp_path, monkeypatch):
    """KerasHub's preset of ResNet-18, as a folder: made here, of noise."""

    def make(scale=(1 / 255 / 0.229, 1 / 255 / 0.224, 1 / 255 / 0.225)):
        source = keras_hub.models.ResNetBackbone(
            **{
                **resnet18((64, 32)).get_config(),
                "stackwise_num_strides": [1, 2, 2, 2],
                "image_shape": (None, None, 3),
                "name": None,
            }
        )
        rng = np.random.default_rng(0)
        source.set_weights([rng.random(w.shape) for w in source.weights])
        folder = str(tmp_path / "preset")
        source.save_to_preset(folder)
        keras_hub.layers.ImageConverter(
            image_size=(224, 224),
            scale=scale,
            offset=(-0.485 / 0.229, -0.456 / 0.224, -0.406 / 0.225),
        ).save_to_preset(folder)
        monkeypatch.setitem(
            keras_hub_weights.KERAS_HUB_WEIGHTS,
            "resnet18_imagenet",
            ("resnet18", folder),
        )
        return source

    return make


def test_a_preset_of_keras_hub_by_its_name(preset):
    source, backbone = preset(), resnet18((64, 32))
    said = load_weights(backbone, "resnet18_imagenet")
    assert "KerasHub's preset" in said
    for ours, theirs in zip(backbone.weights, source.weights, strict=True):
        np.testing.assert_array_equal(
            *map(keras.ops.convert_to_numpy, (ours, theirs))
        )
    assert backbone.pyramid_outputs["P5"].shape[1:3] == (4, 2)


def test_any_other_preset_of_keras_hub(preset, tmp_path):
    """By its folder here; names and addresses go the same way."""
    source, backbone = preset(), resnet18((64, 32))
    said = load_weights(backbone, tmp_path / "preset")
    assert said.endswith(f"KerasHub's preset {tmp_path / 'preset'}.")
    np.testing.assert_array_equal(
        *(keras.ops.convert_to_numpy(b.weights[3]) for b in (source, backbone))
    )
    for name, known in (
        ("resnet_101_imagenet", "resnet50"),
        ("vit_large_patch16_224_imagenet", "vit_b16"),
        ("hf://keras/resnet_50_imagenet", "resnet50"),
        ("kaggle://keras/resnetv1/keras/resnet_50_imagenet", "resnet50"),
    ):
        check_weights(name, known)
        with pytest.raises(ValueError, match="none for hrnet_w32; it has for"):
            check_weights(name, "hrnet_w32")


def test_a_preset_that_cannot_be_downloaded(monkeypatch):
    def fail(preset):
        raise ConnectionError("no such host")

    monkeypatch.setattr(keras_hub.layers.ImageConverter, "from_preset", fail)
    with pytest.raises(OSError, match=r"hf://a/b cannot be had: no such host"):
        load_weights(resnet18((64, 32)), "hf://a/b")


def test_a_preset_of_another_network_is_refused(preset, tmp_path):
    preset()
    with pytest.raises(ValueError, match="of another network than"):
        load_weights(resnet50((64, 32)), tmp_path / "preset")


def test_a_preset_of_other_images_is_refused(preset):
    preset(scale=(1 / 127.5,) * 3)
    with pytest.raises(ValueError, match="would see other images"):
        load_weights(resnet18((64, 32)), "resnet18_imagenet")


def test_weights_of_another_backbone_are_refused():
    with pytest.raises(
        ValueError,
        match=r"of the backbone resnet50; this .* resnet18\. .*'resn",
    ):
        load_weights(resnet18((64, 32)), "resnet50_imagenet")
    with pytest.raises(ValueError, match="`--backbone=efficientnet_lite0`, or"):
        check_weights("efficientnet_lite0_imagenet", "hrnet_w32")
    with pytest.raises(ValueError, match="of the backbone resnet18; this"):
        load_weights(vit_small((64, 32), name="mine"), "resnet18_imagenet")


def test_the_name_of_a_model_is_its_own_affair(preset, monkeypatch):
    """What counts is its class, and that every weight has its shape."""
    source, config = preset(), resnet18((64, 32)).get_config()
    backbone = keras_hub.models.ResNetBackbone(**{**config, "name": "teacher"})
    assert load_weights(backbone, "resnet18_imagenet").startswith("teacher")
    np.testing.assert_array_equal(
        *(keras.ops.convert_to_numpy(b.weights[3]) for b in (source, backbone))
    )
    taken = []
    monkeypatch.setattr(
        load_weights_file, "load_checkpoint", lambda *a: taken.append(a)
    )
    monkeypatch.setattr(
        type(next(iter(PACKAGED_WEIGHTS.values()))), "path", str
    )
    vit = dinov2_vit_small14((28, 14), name="teacher")
    load_weights(vit, "dinov2_vit_small14_lvd142m")
    assert taken[0][0] is vit


def test_a_preset_of_another_class_is_refused(tmp_path):
    vit = keras_hub.models.ViTBackbone(
        (32, 32, 3), 16, mlp_dim=8, num_layers=1, num_heads=1, hidden_dim=4
    )
    vit.save_to_preset(tmp_path)
    message = "backbone resnet18: it is of the class .*ViTB.*, not ResNetBackb"
    with pytest.raises(ValueError, match=message):
        load_weights(resnet18((64, 32)), tmp_path)
    with pytest.raises(
        ValueError, match="of the class ViTBackbone, not ResNet"
    ):
        check_weights("vit_base_patch16_224_imagenet", "resnet18")


def test_a_preset_that_does_not_say_how_images_are_normalised(tmp_path):
    backbone = resnet18((64, 32))
    backbone.save_to_preset(tmp_path / "alone")
    with pytest.raises(ValueError, match=r"has no image_converter\.json"):
        check_weights(tmp_path / "alone", "resnet18")
    model = GlobalBaseline(backbone, num_identities=2)
    model.save_to_preset(tmp_path / "model")
    with pytest.raises(ValueError, match=r"without `scale`.*model\.keras"):
        load_weights(resnet18((64, 32)), tmp_path / "model")


def test_a_config_that_is_of_no_preset(tmp_path):
    (tmp_path / "config.json").write_text("[1]")
    with pytest.raises(ValueError, match="is not that of a preset"):
        check_weights(tmp_path, "resnet18")


@pytest.mark.parametrize("weights", ["", None, 3])
def test_what_names_nothing(weights):
    with pytest.raises(ValueError, match="Give a file, the name or the folder"):
        check_weights(weights, "resnet18")


def test_what_is_neither_a_name_nor_a_file():
    with pytest.raises(FileNotFoundError, match="nor one of the names"):
        check_weights("resnet18_imagnet", "resnet18")


def test_a_file(tmp_path):
    trained, backbone = resnet18((64, 32)), resnet18((64, 32))
    trained.save(tmp_path / "model.keras")
    said = load_weights(backbone, tmp_path / "model.keras")
    assert said == f"resnet18 starts from {tmp_path / 'model.keras'}."
    np.testing.assert_array_equal(
        *(keras.ops.convert_to_numpy(b.weights[0]) for b in (trained, backbone))
    )

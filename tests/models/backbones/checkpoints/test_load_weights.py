from pathlib import Path

import keras
import keras_hub
import numpy as np
import pytest

from keras_drop.models import load_weights, resnet18, resnet50, weight_names
from keras_drop.models.backbones.checkpoints import keras_hub_weights
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
    for name in (
        "resnet_101_imagenet",
        "vit_large_patch16_224_imagenet",
        "hf://keras/resnet_50_imagenet",
        "kaggle://keras/resnetv1/keras/resnet_50_imagenet",
    ):
        check_weights(name, "resnet50")
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
    with pytest.raises(ValueError, match="'resnet18_imagenet'; got 'resnet50_"):
        load_weights(resnet18((64, 32)), "resnet50_imagenet")


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

import importlib

import keras
import numpy as np
import pytest

import keras_drop as kd
from keras_drop.evaluation import ModelDescription
from keras_drop.evaluation.cards.model_description import software_versions

pytestmark = pytest.mark.backend_neutral


def test_a_model_of_the_library():
    halves = kd.PartSchema(
        "halves",
        ("upper", "lower"),
        {"densepose14": ((1, 2, 3, 10, 11, 12, 13, 14), (4, 5, 6, 7, 8, 9))},
    )
    model = kd.models.BPBReID(
        kd.models.resnet18((64, 32)),
        num_identities=3,
        part_schema=halves,
        visibility=kd.models.VisibilityRule("continuous"),
        loss_weights={"parsing": 4.0},
        term_losses={"parts_triplet": kd.losses.PartAveragedTriplet(0.5)},
    )
    found = ModelDescription.of(model, seed=7)
    assert found == ModelDescription(
        "BPBReID",
        {
            "backbone": "resnet18",
            "part_schema": "halves",
            "visibility.rule": "continuous",
            "loss_weights.parsing": 4.0,
            "term_losses.parts_triplet.margin": 0.5,
        },
        (64, 32),
        seed=7,
    )


def test_a_backbone_with_arguments_of_its_own():
    backbone = kd.models.vit_small((32, 16), patch_size=8, patch_stride=4)
    model = kd.models.TransReIDBaseline(backbone, 3)
    switches = ModelDescription.of(model).switches
    assert switches["backbone"] == "vit_small"
    assert switches["backbone_patch_stride"] == 4
    assert "backbone_image_shape" not in switches


def test_other_models():
    images = keras.Input((8, 4, 3))
    pooled = keras.layers.GlobalAveragePooling2D()(images)
    model = keras.Model(images, pooled, name="mine")
    found = ModelDescription.of(model)
    assert found == ModelDescription("Functional", {}, (8, 4))
    found = ModelDescription.of(len)
    assert found == ModelDescription("builtin_function_or_method")
    of_any_size = keras.Model(
        anything := keras.Input((None, None, 3)), anything
    )
    assert ModelDescription.of(of_any_size, name="mine") == ModelDescription(
        "mine"
    )


def test_versions():
    versions = software_versions()
    assert versions["keras_drop"] == kd.__version__
    assert versions["numpy"] == np.__version__
    assert versions["keras"] == keras.__version__
    assert versions["backend"] == keras.backend.backend()
    backend = importlib.import_module(keras.backend.backend())
    assert versions[versions["backend"]] == backend.__version__


@pytest.mark.parametrize(
    "given",
    [
        {"run": {"loss": float("nan")}},
        {"switches": {"most": float("inf")}},
        {"seed": np.float32(1)},
        {"image_size": (np.int64(8), 4)},
    ],
)
def test_what_a_card_cannot_hold_is_refused_at_once(given):
    (name,) = given
    with pytest.raises(ValueError, match=f"`{name}` are plain values"):
        ModelDescription("m", **given)


def test_a_seed_of_numpy_is_a_whole_number():
    assert type(ModelDescription("m", seed=np.int64(3)).seed) is int

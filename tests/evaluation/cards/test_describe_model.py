import keras
import numpy as np
import pytest

import keras_drop as kd
from keras_drop.evaluation.cards.describe_model import (
    describe_model,
    software_versions,
)

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
    assert describe_model(model) == {
        "model": "BPBReID",
        "switches": {
            "backbone": "resnet18",
            "part_schema": "halves",
            "visibility.rule": "continuous",
            "loss_weights.parsing": 4.0,
            "term_losses.parts_triplet.margin": 0.5,
        },
        "image_size": (64, 32),
    }


def test_a_backbone_with_arguments_of_its_own():
    backbone = kd.models.vit_small((32, 16), patch_size=8, patch_stride=4)
    switches = describe_model(kd.models.TransReIDBaseline(backbone, 3))[
        "switches"
    ]
    assert switches["backbone"] == "vit_small"
    assert switches["backbone_patch_stride"] == 4
    assert "backbone_image_shape" not in switches


def test_other_models():
    images = keras.Input((8, 4, 3))
    pooled = keras.layers.GlobalAveragePooling2D()(images)
    model = keras.Model(images, pooled, name="mine")
    assert describe_model(model) == {
        "model": "Functional",
        "switches": {},
        "image_size": (8, 4),
    }
    assert describe_model(len) == {
        "model": "builtin_function_or_method",
        "switches": {},
        "image_size": None,
    }


def test_versions():
    versions = software_versions()
    assert versions["keras_drop"] == kd.__version__
    assert versions["numpy"] == np.__version__
    assert versions["keras"] == keras.__version__
    assert versions["backend"] == keras.backend.backend()

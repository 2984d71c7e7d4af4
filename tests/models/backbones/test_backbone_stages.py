import keras
import numpy as np
import pytest

from keras_drop.models import (
    GlobalBaseline,
    efficientnet_lite0,
    freeze_stages,
    resnet18,
)
from keras_drop.models.backbones import backbone_stages
from tests.models.backbones.small_hrnet import small_hrnet
from tests.models.backbones.small_vit import small_vit
from tests.models.small import resnet

pytestmark = pytest.mark.backend_neutral

BACKBONES = {
    "resnet18": (lambda: resnet18((32, 32)), 4),
    "efficientnet_lite0": (lambda: efficientnet_lite0((32, 32)), 4),
    "hrnet": (lambda: small_hrnet((32, 32)), 4),
    "vit": (lambda: small_vit(num_cameras=2), 3),
}
# A layer of each end of each stage.
ENDS = {
    "resnet18": [
        ("conv1_conv", "stack0_block1_2_bn"),
        ("stack1_block0_1_conv", "stack1_block1_2_bn"),
        ("stack2_block0_1_conv", "stack2_block1_2_bn"),
        ("stack3_block0_1_conv", "stack3_block1_2_bn"),
    ],
    "efficientnet_lite0": [
        ("stem_conv", "block2_project_bn"),
        ("block3_expand_conv", "block4_project_bn"),
        ("block5_expand_conv", "block10_project_bn"),
        ("block11_expand_conv", "head_bn"),
    ],
    "hrnet": [
        ("conv1", "layer1-1-bn3"),
        ("transition1-1-0-0", "stage2-0-fuse_layers-1-0-0-1"),
        ("transition2-2-0-0", "stage3-1-fuse_layers-2-1-0-1"),
        ("transition3-3-0-0", "incre_modules-3-0-bn3"),
    ],
    "vit": [
        ("patch_embed-proj", "token_embedding", "blocks-0-mlp-fc2"),
        ("blocks-1-norm1", "blocks-1-mlp-fc2"),
        ("blocks-2-norm1", "blocks-2-mlp-fc2", "norm"),
    ],
}


@pytest.mark.parametrize("name", BACKBONES)
def test_every_layer_but_the_cameras_is_of_one_stage(name):
    build, num_stages = BACKBONES[name]
    backbone = build()
    stages = [
        [layer.name for layer in stage] for stage in backbone_stages(backbone)
    ]
    assert len(stages) == num_stages
    found = [layer for stage in stages for layer in stage]
    layers = {layer.name for layer in backbone.layers}
    assert sorted(found) == sorted(layers - {"camera_embedding"})
    for stage, ends in zip(stages, ENDS[name], strict=True):
        assert set(ends) <= set(stage)


def test_frozen_stages_normalise_as_in_inference():
    backbone = resnet18((32, 32))
    freeze_stages(backbone, 2)
    learning = {
        weight.path.split("/")[-2] for weight in backbone.trainable_weights
    }
    assert not any(
        name.startswith(("conv1", "stack0", "stack1")) for name in learning
    )
    assert "stack2_block0_1_conv" in learning
    images = np.random.default_rng(1).normal(size=(2, 32, 32, 3))
    frozen = keras.Model(backbone.inputs, backbone.pyramid_outputs["P3"])
    inference, training = (
        keras.ops.convert_to_numpy(
            frozen(images.astype("float32"), training=training)
        )
        for training in (False, True)
    )
    np.testing.assert_allclose(training, inference, atol=1e-5)
    freeze_stages(backbone, 0)
    assert len(backbone.trainable_weights) == 60


def test_the_embedding_of_cameras_always_learns():
    """No public file has it: frozen, it would stay as it was drawn."""
    backbone = small_vit(num_cameras=2)
    freeze_stages(backbone, 3)
    paths = [weight.path for weight in backbone.trainable_weights]
    assert len(paths) == 1 and "camera_embedding" in paths[0]


@pytest.mark.parametrize("num_stages", [1.5, True, "2", None])
def test_refuses_what_is_no_number_of_stages(num_stages):
    with pytest.raises(ValueError, match=r"it is a whole number.*0 to 4"):
        freeze_stages(resnet18((32, 32)), num_stages)


def test_a_model_is_not_its_backbone():
    model = GlobalBaseline(resnet(), num_identities=2)
    with pytest.raises(ValueError, match=r"GlobalBaseline.*`model\.backbone`"):
        freeze_stages(model, 1)


@pytest.mark.parametrize("num_stages", [-1, 5])
def test_refuses_stages_that_there_are_not(num_stages):
    backbone = resnet18((32, 32))
    with pytest.raises(ValueError, match="has 4 stages, of which"):
        freeze_stages(backbone, num_stages)

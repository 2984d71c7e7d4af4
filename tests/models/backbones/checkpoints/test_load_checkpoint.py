import collections
import functools
import pickle
import sys

import keras
import keras_hub
import numpy as np
import pytest
import safetensors.torch
import torch

from keras_drop.models import GlobalBaseline
from keras_drop.models.backbones import BACKBONES, load_checkpoint
from tests.reference import torch_backbones

neutral = pytest.mark.backend_neutral


@functools.cache
def make_reference(name):
    return torch_backbones.warm_up(torch_backbones.build(name), seed=1)


def weights_of(name):
    """Public names and shapes; each weight has a value of its own."""
    with torch.device("meta"):
        state = torch_backbones.build(name).state_dict()
    return {
        key: torch.tensor(float(i)).expand(value.shape)
        for i, (key, value) in enumerate(state.items(), start=1)
    }


def refuse(backbone, path, error, message):
    """`load_checkpoint` fails, and has changed no weight."""
    before = backbone.get_weights()
    with pytest.raises(error, match=message):
        load_checkpoint(backbone, path)
    for a, b in zip(before, backbone.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("small_hrnet", "pth"),
        ("resnet18", "safetensors"),
        pytest.param("hrnet_w18_small", "safetensors", marks=neutral),
        pytest.param("resnet18", "wrapped", marks=neutral),
        pytest.param("resnet50", "pth", marks=neutral),
    ],
)
def test_converted_weights_give_the_features_of_the_original(
    name, kind, make_backbone, tmp_path
):
    reference, backbone = make_reference(name), make_backbone(name)
    path = tmp_path / f"weights.{kind}"
    if kind == "safetensors":
        safetensors.torch.save_file(reference.state_dict(), path)
    elif kind == "pth":
        torch.save(reference.state_dict(), path)
    else:
        state = {f"module.{k}": v for k, v in reference.state_dict().items()}
        torch.save({"epoch": 7, "state_dict": state}, path)
    for variable in backbone.variables:
        variable.assign(np.ones(variable.shape))
    load_checkpoint(backbone, path)
    images = np.random.default_rng(2).normal(size=(2, 64, 32, 3))
    images = images.astype("float32")
    pyramid = keras.Model(backbone.input, backbone.pyramid_outputs)
    actual = pyramid(images, training=False)
    expected = torch_backbones.features(reference, images)
    for key, value in zip(("P2", "P3", "P4", "P5"), expected, strict=True):
        assert value.std() > 0.1
        np.testing.assert_allclose(
            keras.ops.convert_to_numpy(actual[key]), value, rtol=1e-3, atol=1e-4
        )


@pytest.mark.slow
@neutral
def test_hrnet_w32_has_the_public_names_and_shapes(make_backbone, tmp_path):
    weights = weights_of("hrnet_w32")
    backbone = make_backbone("hrnet_w32", (256, 128))
    sizes = collections.Counter()
    for name, value in weights.items():
        if not name.endswith(("running_mean", "running_var", "tracked")):
            sizes[name.split(".")[0]] += value.numel()
    assert sum(sizes.values()) == 41_232_680, "as published for the release"
    for head in ("downsamp_modules", "final_layer", "classifier"):
        sizes.pop(head)
    assert sum(sizes.values()) == 30_881_856
    torch.save(weights, tmp_path / "hrnet_w32.pth")
    load_checkpoint(backbone, tmp_path / "hrnet_w32.pth")
    values = {v.path: v.numpy().max() for v in backbone.variables}
    assert all(np.ptp(v.numpy()) == 0 for v in backbone.variables)
    assert len(set(values.values())) == len(backbone.variables)
    for path in ("conv2", "layer1-3-conv3", "stage4-2-fuse_layers-3-0-2-0"):
        name = path.replace("-", ".") + ".weight"
        assert values[f"{path}/kernel"] == weights[name].max()


@neutral
def test_a_truncated_file_is_refused(make_backbone, tmp_path):
    backbone = make_backbone("resnet18")
    for kind, save in (
        ("pth", torch.save),
        ("safetensors", safetensors.torch.save_file),
    ):
        path = tmp_path / f"cut.{kind}"
        state = make_reference("resnet18").state_dict()
        save(state, path)
        content = path.read_bytes()
        path.write_bytes(content[: len(content) // 2])
        refuse(backbone, path, ValueError, rf"cut\.{kind} .* cut off")


@neutral
def test_the_first_missing_name_is_told(make_backbone, tmp_path):
    weights = weights_of("resnet18")
    for name in ("layer4.1.bn1.weight", "layer2.0.downsample.0.weight"):
        del weights[name]
    torch.save(weights, tmp_path / "x.pth")
    message = (
        r"First difference: layer2\.0\.downsample\.0\.weight should be "
        r"\(128, 64, 1, 1\), the file has nothing"
    )
    refuse(make_backbone("resnet18"), tmp_path / "x.pth", ValueError, message)


@neutral
def test_the_first_wrong_shape_is_told(make_backbone, tmp_path):
    weights = weights_of("resnet18")
    weights["layer3.1.conv2.weight"] = torch.zeros(256, 256, 1, 3)
    weights["layer4.1.bn2.bias"] = torch.zeros(511)
    torch.save(weights, tmp_path / "x.pth")
    message = (
        r"First difference: layer3\.1\.conv2\.weight should be "
        r"\(256, 256, 3, 3\), the file has \(256, 256, 1, 3\)"
    )
    refuse(make_backbone("resnet18"), tmp_path / "x.pth", ValueError, message)


@neutral
@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("layer1.0.conv1.weight", np.nan, r"no numbers.* layer1\.0\.conv1"),
        ("layer2.0.bn1.bias", -np.inf, r"infinite in layer2\.0\.bn1\.bias"),
        ("bn1.running_var", -1e-3, r"negative variances in bn1\.running_var"),
    ],
)
def test_weights_that_no_training_leaves(
    name, value, message, make_backbone, tmp_path
):
    weights = weights_of("resnet18")
    weights[name] = torch.full_like(weights[name].contiguous(), value)
    torch.save(weights, tmp_path / "x.pth")
    refuse(make_backbone("resnet18"), tmp_path / "x.pth", ValueError, message)


@pytest.mark.slow
@neutral
def test_another_run_that_failed_is_refused(tmp_path):
    trained = BACKBONES["resnet18"]((32, 32))
    layer = trained.get_layer("conv1_bn")
    for variable, value, message in (
        (layer.moving_variance, -1.0, "negative variances in .*conv1_bn"),
        (layer.gamma, np.nan, "no numbers.*conv1_bn"),
    ):
        variable.assign(np.full(variable.shape, value))
        trained.save(tmp_path / "model.keras")
        backbone = BACKBONES["resnet18"]((32, 32))
        refuse(backbone, tmp_path / "model.keras", ValueError, message)


@neutral
@pytest.mark.parametrize(
    ("foreign", "backbone", "message"),
    [
        (
            "resnet50",
            "resnet18",
            r"layer1\.0\.conv1\.weight should be \(64, 64",
        ),
        ("resnet34", "resnet18", r"the file has layer1\.2\.conv1\.weight \(64"),
        (
            "resnet18",
            "hrnet_w18_small",
            r"no incre_modules\.0\.0\.conv1\.weight",
        ),
        ("hrnet_w32", "hrnet_w18_small", r"layer1\.0\.conv1\.weight should be"),
        ("hrnet_w18_small", "resnet18", r"First difference: conv1\.weight"),
    ],
)
def test_a_foreign_file_is_refused(
    foreign, backbone, message, make_backbone, tmp_path
):
    torch.save(weights_of(foreign), tmp_path / "x.pth")
    refuse(make_backbone(backbone), tmp_path / "x.pth", ValueError, message)


@neutral
def test_an_hrnet_without_widening_blocks_is_refused(make_backbone, tmp_path):
    weights = weights_of("hrnet_w18_small")
    pose = {k: v for k, v in weights.items() if not k.startswith("incre_")}
    torch.save(pose, tmp_path / "pose.pth")
    backbone = make_backbone("hrnet_w18_small")
    message = r"pose\.pth has no incre_modules\.0\.0\.conv1\.weight"
    refuse(backbone, tmp_path / "pose.pth", ValueError, message)


@neutral
def test_code_in_a_file_does_not_run(make_backbone, tmp_path):
    class Malicious:
        def __reduce__(self):
            return open, (str(tmp_path / "written"), "w")

    path = tmp_path / "bad.pth"
    path.write_bytes(pickle.dumps({"conv1.weight": Malicious()}))
    refuse(make_backbone("resnet18"), path, ValueError, "more than weights")
    torch.save({"conv1.weight": Malicious()}, path)
    refuse(make_backbone("resnet18"), path, ValueError, "more than weights")
    assert not (tmp_path / "written").exists()


@neutral
def test_only_pytorch_files_need_pytorch(make_backbone, tmp_path, monkeypatch):
    weights = {k: v.clone() for k, v in weights_of("resnet18").items()}
    safetensors.torch.save_file(weights, tmp_path / "x.safetensors")
    torch.save(weights, tmp_path / "x.pth")
    backbone = make_backbone("resnet18")
    monkeypatch.setitem(sys.modules, "torch", None)
    refuse(backbone, tmp_path / "x.pth", ImportError, r"keras_drop\[convert\]")
    load_checkpoint(backbone, tmp_path / "x.safetensors")
    kernel = backbone.get_layer("stack3_block1_2_conv").kernel.numpy()
    assert np.unique(kernel) == float(weights["layer4.1.conv2.weight"].max())


@pytest.mark.slow
@pytest.mark.parametrize("of_model", [True, False])
def test_weights_of_another_run(of_model, tmp_path):
    trained, backbone = (BACKBONES["resnet18"]((32, 32)) for _ in range(2))
    model = GlobalBaseline(trained, num_identities=3) if of_model else trained
    model.save(tmp_path / "model.keras")
    load_checkpoint(backbone, tmp_path / "model.keras")
    for found, expected in zip(
        backbone.get_weights(), trained.get_weights(), strict=True
    ):
        np.testing.assert_array_equal(found, expected)


@pytest.mark.slow
@neutral
def test_another_run_with_another_backbone_is_refused(tmp_path):
    path = tmp_path / "model.keras"
    BACKBONES["vit_small"]((32, 32)).save(path)
    wider = BACKBONES["vit_small"]((32, 48))
    message = r"has \S+ \(2, 3, 192\), the file \S+ \(2, 2, 192\)"
    refuse(wider, path, ValueError, message)
    other = BACKBONES["resnet18"]((32, 32))
    refuse(other, path, ValueError, "the backbone has conv1_conv/kernel")
    path.write_bytes(path.read_bytes()[:1000])
    refuse(other, path, ValueError, "no model that Keras can read")
    missing = tmp_path / "none.keras"
    refuse(other, missing, FileNotFoundError, "no checkpoint")


@neutral
def test_a_missing_file_and_an_unknown_backbone_are_told(
    make_backbone, tmp_path
):
    refuse(
        make_backbone("resnet18"),
        tmp_path / "none.pth",
        FileNotFoundError,
        r"There is no checkpoint .*none\.pth",
    )
    other = keras.Sequential([keras.layers.Dense(2)])
    refuse(other, tmp_path / "none.pth", ValueError, "received Sequential")
    config = BACKBONES["resnet18"]((32, 32)).get_config()
    second = {**config, "use_pre_activation": True}
    second = keras_hub.models.ResNetBackbone.from_config(second)
    message = "pre-activation; this one has the layer 'stack0_block0_pre_activ"
    refuse(second, tmp_path / "none.pth", ValueError, message)

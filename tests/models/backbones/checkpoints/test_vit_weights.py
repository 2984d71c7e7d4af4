"""Public checkpoints of ViTs, for any grid of patches."""

import math

import numpy as np
import pytest
import safetensors.numpy
import torch

from keras_drop.models import load_checkpoint, vit_b16
from tests.models.backbones.small_vit import (
    GRID,
    expected_features,
    features_of,
    public_state,
    small_vit,
)
from tests.models.small import weights
from tests.reference import vit

neutral = pytest.mark.backend_neutral
IMAGES = np.random.default_rng(2).normal(size=(2, 24, 16, 3)).astype("float32")


def save(state, path, kind):
    """A file as its makers write it."""
    if kind == "npz":
        np.savez(path, **vit.google(state, num_heads=2))
    elif kind == "safetensors":
        safetensors.numpy.save_file(state, path)
    else:
        tensors = {name: torch.tensor(x) for name, x in state.items()}
        if kind == "wrapped":
            tensors = {f"module.{name}": x for name, x in tensors.items()}
            tensors = {"model": tensors, "epoch": 3}
        torch.save(tensors, path)
    return path


def refuse(backbone, path, message):
    before = weights(backbone)
    with pytest.raises(ValueError, match=message):
        load_checkpoint(backbone, path)
    for name, value in weights(backbone).items():
        np.testing.assert_array_equal(value, before[name])


@pytest.mark.parametrize(
    ("kind", "grid"),
    [
        ("npz", (4, 4)),
        ("safetensors", (2, 2)),
        pytest.param("pth", (5, 5), marks=neutral),
        pytest.param("wrapped", GRID, marks=neutral),
        pytest.param("npz", GRID, marks=neutral),
    ],
)
def test_converted_weights_give_the_features_of_the_original(
    kind, grid, tmp_path
):
    state = public_state(grid)
    state["pre_logits.fc.bias"] = np.zeros(7, "float32")
    backbone = small_vit()
    for variable in backbone.trainable_variables:
        variable.assign(np.full(variable.shape, 7))
    load_checkpoint(backbone, save(state, tmp_path / f"x.{kind}", kind))
    expected = expected_features(state, IMAGES, grid)
    actual = features_of(backbone, IMAGES)
    for name, values in expected.items():
        assert values.std() > 0.1
        np.testing.assert_allclose(
            actual[name], values, rtol=1e-3, atol=1e-4, err_msg=name
        )


@neutral
def test_cameras_stay_as_they_are(tmp_path):
    backbone = small_vit(num_cameras=3)
    before = weights(backbone)
    load_checkpoint(
        backbone, save(public_state(GRID), tmp_path / "x.pth", "pth")
    )
    changed = {
        k for k, v in weights(backbone).items() if (v != before[k]).all()
    }
    trained = {v.path for v in backbone.trainable_variables}
    assert trained - changed == {"camera_embedding/table"}


@neutral
def test_b16_has_the_public_names_and_shapes(tmp_path):
    shapes = vit.shapes((14, 14), 16, 768, 12, 3072, classes=1000)
    counts = {name: math.prod(shape) for name, shape in shapes.items()}
    assert sum(counts.values()) == 86_567_656, "as published for the release"
    state = {
        name: torch.tensor(float(k)).expand(shape)
        for k, (name, shape) in enumerate(shapes.items(), start=1)
    }
    torch.save(state, tmp_path / "vit.pth")
    backbone = vit_b16((256, 128))
    load_checkpoint(backbone, tmp_path / "vit.pth")
    values = {
        path: np.unique(value)
        for path, value in weights(backbone).items()
        if "seed_generator" not in path
    }
    assert all(len(value) == 1 for value in values.values())
    for path, name in (
        ("token_embedding/patch_positions", "pos_embed"),
        ("blocks-3-attn/value/kernel", "blocks.3.attn.qkv.weight"),
        ("blocks-11-mlp-fc2/bias", "blocks.11.mlp.fc2.bias"),
        ("norm/gamma", "norm.weight"),
    ):
        assert values[path] == state[name].max()
    # Queries, keys and values are one array in the file, the positions too.
    assert len({float(value[0]) for value in values.values()}) == (
        len(values) - 12 * 4 - 1
    )


@neutral
def test_files_of_an_older_google_release_have_a_prefix(tmp_path):
    state = vit.google(public_state(GRID), num_heads=2)
    np.savez(
        tmp_path / "x.npz", **{f"opt/target/{k}": v for k, v in state.items()}
    )
    backbone = small_vit()
    load_checkpoint(backbone, tmp_path / "x.npz")
    np.testing.assert_array_equal(
        weights(backbone)["blocks-2-attn/key/kernel"],
        state[
            "Transformer/encoderblock_2/MultiHeadDotProductAttention_1/"
            "key/kernel"
        ],
    )


@neutral
@pytest.mark.parametrize("kind", ["pth", "safetensors", "npz"])
def test_a_truncated_file_is_refused(kind, tmp_path):
    path = save(public_state(GRID), tmp_path / f"cut.{kind}", kind)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    refuse(small_vit(), path, rf"cut\.{kind} .* cut off")


@neutral
def test_objects_in_an_npz_are_not_unpickled(tmp_path):
    objects = np.array([{"a": 1}], dtype=object)
    np.savez(tmp_path / "bad.npz", cls=objects)
    refuse(small_vit(), tmp_path / "bad.npz", "more than weights")


def without(*names):
    return lambda state: [state.pop(name) for name in names]


def with_array(name, *shape):
    return lambda state: state.update({name: np.zeros(shape, "float32")})


@neutral
@pytest.mark.parametrize(
    ("kind", "change", "message"),
    [
        (
            "pth",
            without("norm.bias", "blocks.1.attn.qkv.bias"),
            r"blocks\.1\.attn\.qkv\.bias should be \(36,\), .* nothing",
        ),
        (
            "safetensors",
            with_array("blocks.2.mlp.fc1.weight", 24, 12),
            r"blocks\.2\.mlp\.fc1\.weight should be \(18, 12\), .* \(24, 12\)",
        ),
        (
            "pth",
            with_array("pos_embed", 1, 12, 12),
            r"pos_embed should be \(1, 7, 12\), the file has \(1, 12, 12\)",
        ),
        (
            "pth",
            with_array("pos_embed", 1, 17, 8),
            r"pos_embed should be \(1, 17, 12\), the file has \(1, 17, 8\)",
        ),
        ("pth", without("pos_embed"), r"pos_embed should be \(1, 7, 12\)"),
        (
            "pth",
            with_array("dist_token", 1, 1, 12),
            r"the file has dist_token \(1, 1, 12\), the backbone has no",
        ),
        (
            "pth",
            with_array("blocks.3.norm1.weight", 12),
            r"the file has blocks\.3\.norm1\.weight \(12,\)",
        ),
        (
            "npz",
            without("blocks.1.norm2.weight"),
            r"encoderblock_1/LayerNorm_2/scale should be \(12,\), .* nothing",
        ),
    ],
)
def test_the_first_difference_is_told(kind, change, message, tmp_path):
    state = public_state(GRID)
    change(state)
    path = save(state, tmp_path / f"x.{kind}", kind)
    refuse(small_vit(), path, f"First difference: .*{message}")


@neutral
def test_another_number_of_heads_is_seen_in_an_npz(tmp_path):
    path = save(public_state(GRID), tmp_path / "x.npz", "npz")
    message = r"query/kernel should be \(12, 3, 4\), the file has \(12, 2, 6\)"
    refuse(small_vit(num_heads=3), path, message)

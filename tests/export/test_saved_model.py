"""A model of the current backend, exported once, and all that holds of it."""

import io
import json
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from keras_drop.data.reading.images import read_image
from keras_drop.export import check_saved_model, export_saved_model
from keras_drop.export.saved_model_embedder import SavedModelEmbedder
from keras_drop.models import DROP, ParsingMap, PartMemory
from tests.export.models import colours, randomised, shallow_backbone

# Four in every test: JAX compiles a model anew for each number of images.
SIZES = [(64, 32), (75, 41), (30, 64), (128, 64)]


@pytest.fixture(scope="module")
def model():
    return randomised(
        DROP(
            shallow_backbone((64, 32), [64, 128, 256, 512]),
            num_identities=701,
            part_schema="five",
            parsing_map=ParsingMap(channels=32),
            memory=PartMemory(size=64),
            test_embeddings="global+foreground+parts",
        )
    )


@pytest.fixture(scope="module")
def folder(model, tmp_path_factory):
    return export_saved_model(
        model, tmp_path_factory.mktemp("export") / "drop" / "1"
    )


@pytest.fixture(scope="module")
def loaded(folder):
    import tensorflow as tf

    return tf.saved_model.load(str(folder))


def assert_equal_to_embed(served, model, images):
    expected = model.embed(images)
    assert expected.embeddings.std() > 0.1
    assert 0 < expected.visibility[:, 2:].mean() < 1
    np.testing.assert_allclose(
        served["embeddings"], expected.embeddings, atol=1e-4
    )
    np.testing.assert_array_equal(served["visibility"], expected.visibility)


@pytest.mark.slow
def test_equals_the_model_where_keras_cannot_be_imported(folder, model):
    assert check_saved_model(folder, model, colours(0, *SIZES)) < 1e-4


@pytest.mark.slow
def test_a_batch_of_any_size(loaded, model):
    images = np.stack(colours(1, *[(75, 41)] * 4))
    served = loaded.signatures["serving_default"](images=images)
    assert_equal_to_embed(served, model, images)
    assert served["part_maps"].shape == (4, 16, 8, 6)


def test_encoded_images_of_many_kinds_and_sizes(loaded, model, tmp_path):
    colour, fine, grey, clear = map(Image.fromarray, colours(2, *SIZES))
    colour.save(tmp_path / "0.jpg", quality=80)
    fine.save(tmp_path / "1.jpg", quality=95, subsampling=0)
    grey.convert("L").save(tmp_path / "2.png")
    clear.putalpha(grey.convert("L").resize(clear.size))
    clear.save(tmp_path / "3.png")
    deep = np.linspace(0, 2**16 - 1, 800).reshape(40, 20).astype("uint16")
    Image.fromarray(deep).save(tmp_path / "4.png")
    paths = sorted(tmp_path.iterdir())
    served = loaded.signatures["serving_bytes"](
        images_bytes=np.array([path.read_bytes() for path in paths], object)
    )
    assert_equal_to_embed(served, model, [read_image(path) for path in paths])


def test_a_broken_image_is_an_error(loaded):
    import tensorflow as tf

    file = io.BytesIO()
    Image.fromarray(colours(0, (64, 32))[0]).save(file, "JPEG")
    serve = loaded.signatures["serving_bytes"]
    for broken in (b"no image", file.getvalue()[:-200]):
        with pytest.raises(tf.errors.InvalidArgumentError):
            serve(images_bytes=tf.constant([file.getvalue(), broken]))


def test_pixels_that_are_none_of_an_image_are_refused(folder, model):
    served, rgb = SavedModelEmbedder(folder), colours(0, (75, 41))[0]
    found, expected = served.embed([rgb]), model.embed([rgb])
    np.testing.assert_allclose(found.embeddings, expected.embeddings, atol=1e-4)
    rgba = np.concatenate([rgb, rgb[..., :1]], axis=-1)
    for wrong in (rgb[..., 0], rgba, rgb / 255, rgb[None]):
        with pytest.raises(ValueError, match="of uint8 RGB values; this is"):
            served.embed([rgb, wrong])
    with pytest.raises(ValueError, match="no image to embed"):
        served.embed([])


def test_inputs_are_named(loaded):
    import tensorflow as tf

    for name, key, spec in (
        ("serving_default", "images", ((None, None, None, 3), tf.uint8)),
        ("serving_bytes", "images_bytes", ((None,), tf.string)),
    ):
        _, inputs = loaded.signatures[name].structured_input_signature
        assert inputs == {key: tf.TensorSpec(*spec, name=key)}


def test_clients_can_read_the_names(loaded, folder):
    path = Path(loaded.description.asset_path.numpy().decode())
    assert path == folder / "assets" / "keras_drop.json"
    parts = ["head", "arms", "torso", "legs", "feet"]
    description = json.loads(path.read_text())
    assert description.pop("keras_drop").count(".") == 2
    assert description == {
        "model": "DROP",
        "image_size": [64, 32],
        "embeddings": ["global", "foreground", *parts],
        "part_schema": "five",
        "part_maps": ["background", *parts],
    }


def test_holds_each_weight_that_is_needed_once(folder, model):
    import tensorflow as tf

    needed = sorted(
        tuple(weight.shape)
        for weight in model.inference_model().weights
        if not weight.path.endswith("_neck/classifier/kernel")
    )
    variables = tf.train.list_variables(str(folder / "variables/variables"))
    assert needed == sorted(
        tuple(shape) for name, shape in variables if "VARIABLE_VALUE" in name
    )
    on_disk = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())
    assert on_disk < 1.1 * 4 * sum(math.prod(shape) for shape in needed)


@pytest.mark.slow
def test_runs_in_the_c_library(folder, model, tmp_path):
    import tensorflow as tf
    from tensorflow.core.protobuf import saved_model_pb2

    images = np.stack(colours(4, *[(75, 41)] * 4))
    images.tofile(tmp_path / "images.uint8")
    file = saved_model_pb2.SavedModel.FromString(
        (folder / "saved_model.pb").read_bytes()
    )
    signature = file.meta_graphs[0].signature_def["serving_default"]
    request = tmp_path / "request.json"
    request.write_text(
        json.dumps(
            {
                "input": signature.inputs["images"].name,
                "shape": images.shape,
                "file": "images.uint8",
                "outputs": {
                    name: info.name for name, info in signature.outputs.items()
                },
            }
        )
    )
    ended = subprocess.run(
        [
            *(sys.executable, "-I", "-S"),
            Path(__file__).with_name("c_library.py"),
            Path(tf.__file__).parent,
            folder,
            request,
        ],
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 0, ended.stderr
    served = {
        name: np.fromfile(tmp_path / f"{name}.float32", "float32").reshape(
            shape
        )
        for name, shape in json.loads(ended.stdout).items()
    }
    assert_equal_to_embed(served, model, images)
    assert served["part_maps"].shape == (4, 16, 8, 6)
    np.testing.assert_allclose(served["part_maps"].sum(-1), 1, atol=1e-5)

"""The writing process, on its own backend: models and preprocessors."""

import json

import keras
import keras_hub
import numpy as np
import pytest
from PIL import Image

from keras_drop import PartSchema
from keras_drop.data import read_image
from keras_drop.export import saved_model_writer
from keras_drop.models import (
    DROP,
    BPBReID,
    GlobalBaseline,
    ParsingMap,
    PartMemory,
    VisibilityRule,
)
from tests.export.models import colours, randomised, shallow_backbone

pytestmark = pytest.mark.backend_neutral

HALVES = PartSchema(
    "halves",
    ("upper", "lower"),
    {
        "densepose14": (
            (1, 2, 3, 10, 11, 12, 13, 14),
            (4, 5, 6, 7, 8, 9),
        )
    },
)


def write(model, tmp_path):
    """Through a `.keras` file, as `export_saved_model` does."""
    import tensorflow as tf

    model.save(tmp_path / "model.keras")
    folder = tmp_path / "served"
    saved_model_writer.main(
        tmp_path / "model.keras", folder, "keras_drop.models"
    )
    description = json.loads((folder / "assets/keras_drop.json").read_text())
    return tf.saved_model.load(str(folder)).signatures, description


@pytest.mark.parametrize("bits", [1, 2, 4, 8])
@pytest.mark.parametrize("clear", [False, True])
def test_small_palettes_are_decoded_as_elsewhere(tmp_path, bits, clear):
    import tensorflow as tf

    shades = np.arange(40 * 20).reshape(40, 20) % 2**bits
    image = Image.fromarray(shades.astype("uint8"), "P")
    rng = np.random.default_rng(bits)
    image.putpalette(rng.bytes(3 * 2**bits))
    file = tmp_path / "image.png"
    transparent = {"transparency": 1} if clear else {}
    image.save(file, bits=bits, **transparent)
    assert file.read_bytes()[24] == bits
    decoded = saved_model_writer._decoded_png(tf.constant(file.read_bytes()))
    np.testing.assert_array_equal(decoded, read_image(file))


def test_black_and_white_is_decoded_as_elsewhere(tmp_path):
    import tensorflow as tf

    file = tmp_path / "image.png"
    Image.fromarray(np.eye(24, 16, dtype=bool)).save(file)
    assert file.read_bytes()[24] == 1
    decoded = saved_model_writer._decoded_png(tf.constant(file.read_bytes()))
    np.testing.assert_array_equal(decoded, read_image(file))


@pytest.mark.slow
def test_a_model_without_parts_and_another_way_to_resize(tmp_path):
    model = randomised(
        GlobalBaseline(
            shallow_backbone((64, 32), [64, 64, 64, 64]),
            num_identities=3,
            preprocessor=keras_hub.layers.ImageConverter(
                image_size=(64, 32),
                crop_to_aspect_ratio=True,
                interpolation="bicubic",
                antialias=True,
                dtype="float32",
            ),
        )
    )
    served, description = write(model, tmp_path)
    (image,) = colours(5, (150, 90))
    outputs = served["serving_default"](images=image[None])
    assert set(outputs) == {"embeddings", "visibility"}
    expected = model.embed(image[None])
    np.testing.assert_allclose(
        outputs["embeddings"], expected.embeddings, atol=1e-5
    )
    np.testing.assert_array_equal(outputs["visibility"], [[1.0]])
    plain = GlobalBaseline(model.backbone, num_identities=3)
    plain.set_weights(model.get_weights())
    off = abs(plain.embed(image[None]).embeddings - expected.embeddings)
    assert off.max() > 1e-2, "the preprocessor matters for this image"
    assert description["embeddings"] == ["global"]
    assert description["part_schema"] is description["part_maps"] is None


@pytest.mark.slow
def test_parts_alone_of_a_schema_of_ones_own(tmp_path):
    model = randomised(
        BPBReID(
            shallow_backbone((32, 64), [64, 64, 64, 64]),
            num_identities=3,
            part_schema=HALVES,
            visibility=VisibilityRule("continuous"),
            test_embeddings="parts",
        )
    )
    served, description = write(model, tmp_path)
    images = np.stack(colours(6, (32, 64), (32, 64)))
    outputs = served["serving_default"](images=images)
    expected = model.embed(images)
    for name in ("embeddings", "visibility"):
        np.testing.assert_allclose(
            outputs[name], getattr(expected, name), atol=1e-5
        )
    assert description["model"] == "BPBReID"
    assert description["image_size"] == [32, 64]
    assert description["part_schema"] == "halves"
    assert description["embeddings"] == ["upper", "lower"]
    assert description["part_maps"] == ["background", "upper", "lower"]


@pytest.mark.slow
def test_mixed_precision_serves_float32(tmp_path):
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        model = DROP(
            shallow_backbone((64, 32), [64, 64, 64, 64]),
            num_identities=3,
            part_schema="four_v",
            parsing_map=ParsingMap(channels=8),
            memory=PartMemory("prototype"),
        )
    finally:
        keras.config.set_dtype_policy("float32")
    model = randomised(model)
    served, _ = write(model, tmp_path)
    images = np.stack(colours(7, (64, 32), (64, 32)))
    outputs = served["serving_default"](images=images)
    assert {output.dtype.name for output in outputs.values()} == {"float32"}
    expected = model.embed(images).embeddings
    np.testing.assert_allclose(outputs["embeddings"], expected, atol=0.1)


def test_another_kind_of_model_is_named(tmp_path):
    path = tmp_path / "other.keras"
    keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)]).save(path)
    with pytest.raises(ValueError, match="holds a `Sequential`"):
        saved_model_writer.main(path, tmp_path / "served", "keras_drop.models")
    assert not (tmp_path / "served").exists()

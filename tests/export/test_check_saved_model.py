"""What is refused, and that a difference in any output is found."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from keras_drop.export import check_saved_model
from keras_drop.models import DROP, ParsingMap, PartMemory
from tests.export.models import colours, randomised, shallow_backbone

pytestmark = pytest.mark.backend_neutral

SCRIPT = Path(check_saved_model.__code__.co_filename).with_name(
    "plain_tensorflow.py"
)
OUTPUTS = [
    f"{signature}/{name}"
    for signature in ("serving_default", "serving_bytes")
    for name in ("embeddings", "visibility", "part_maps")
]


@pytest.fixture(scope="module")
def model():
    model = randomised(
        DROP(
            shallow_backbone((64, 32), [64, 64, 64, 64]),
            num_identities=3,
            part_schema="three_v",
            parsing_map=ParsingMap(channels=8),
            memory=PartMemory("none"),
        )
    )
    # Keras compiles a new one each time.
    inference = model.inference_model()
    model.inference_model = lambda: inference
    return model


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "saved_model.pb").write_text("no model")
    return tmp_path


@pytest.fixture
def served(monkeypatch, model):
    """What the other process returns; right, until a test changes it."""
    images = np.stack(colours(8, (64, 32), (64, 32)))
    outputs = model.inference_model().predict(images, verbose=0)
    served = {name: outputs[name.split("/")[1]].copy() for name in OUTPUTS}
    monkeypatch.setattr(
        sys.modules["keras_drop.export.check_saved_model"],
        "run_python",
        lambda arguments, problem: np.savez(arguments[-1], **served),
    )
    return served


@pytest.mark.parametrize("name", OUTPUTS)
def test_finds_a_difference_in_any_output(folder, model, served, name):
    images = colours(8, (64, 32), (64, 32))
    assert check_saved_model(folder, model, images) < 1e-6
    served[name][1, 1] += 3e-4
    signature, output = name.split("/")
    with pytest.raises(ValueError, match=f"`{output}` of `{signature}` is 3"):
        check_saved_model(folder, model, images)
    off = check_saved_model(folder, model, images, tolerance=1e-3)
    assert off == pytest.approx(3e-4, rel=0.01)
    served[name][0, 0] = np.nan
    with pytest.raises(ValueError, match="is nan off"):
        check_saved_model(folder, model, images, tolerance=1e-3)


def test_finds_another_model(folder, model, served):
    images = colours(8, (64, 32), (64, 32))
    del served["serving_bytes/part_maps"]
    with pytest.raises(ValueError, match="of another model"):
        check_saved_model(folder, model, images)


def test_refuses_images_that_are_not_served(folder, model):
    (image,) = colours(8, (64, 32))
    for images, message in (
        ([], "no images"),
        ([image.astype("float32")], "float32"),
        ([image[..., :1]], r"\(64, 32, 1\)"),
        (image, r"\(32, 3\)"),
    ):
        with pytest.raises(ValueError, match=message):
            check_saved_model(folder, model, images)


def test_there_has_to_be_a_saved_model(tmp_path, model):
    with pytest.raises(FileNotFoundError, match=r"saved_model\.pb"):
        check_saved_model(tmp_path / "nowhere", model)


@pytest.mark.slow
def test_a_broken_saved_model_is_named(folder, model):
    with pytest.raises(RuntimeError, match="does not run in TensorFlow: "):
        check_saved_model(folder, model, colours(8, (64, 32), (64, 32)))


@pytest.mark.slow
def test_a_foreign_saved_model_is_named(tmp_path, model):
    import tensorflow as tf

    tf.saved_model.save(tf.Module(), str(tmp_path))
    with pytest.raises(RuntimeError, match="no signature serving_bytes"):
        check_saved_model(tmp_path, model, colours(8, (64, 32), (64, 32)))


@pytest.mark.parametrize("name", ["keras", "keras_hub", "keras_drop"])
def test_keras_cannot_be_imported_there(name):
    # Without arguments the script stops after its imports.
    code = (
        "import runpy, sys, types\n"
        "sys.modules['tensorflow'] = types.ModuleType('tensorflow')\n"
        "try:\n"
        f"    runpy.run_path({str(SCRIPT)!r}, run_name='__main__')\n"
        "except TypeError:\n"
        f"    import {name}\n"
    )
    ended = subprocess.run(
        [sys.executable, "-P", "-c", code], capture_output=True, text=True
    )
    assert f"import of {name} halted" in ended.stderr

"""One backend's part in `test_backends_agree.py`: `agreement.py FOLDER`.

Loads the presets in the folder, compares what the models say and lose with
the arrays in the folder, and saves them as presets of this backend.
"""

import sys
from pathlib import Path

import keras
import numpy as np

from keras_drop.models import HPNet, TransReIDBaseline
from tests.models.small import MODELS, arrays, batch

MODELS = {**MODELS, "HPNet": HPNet, "TransReIDBaseline": TransReIDBaseline}
CAMERAS = np.array([0, -1, 2, 1, 0, 2], "int32")


def descriptors_and_losses(model):
    """What has to agree, as a dictionary of arrays."""
    x, y = batch()
    with_cameras = isinstance(model, TransReIDBaseline)
    if with_cameras:
        x = {"images": x, "cameras": CAMERAS}
    outputs = arrays(model(x))
    embeddings = outputs["embeddings"]
    lengths = np.linalg.norm(embeddings, axis=-1, keepdims=True)
    result = {
        "embeddings": embeddings / np.maximum(lengths, 1e-12),
        "visibility": outputs["visibility"],
    }
    if "part_maps" in outputs:
        result["part_maps"] = outputs["part_maps"]
    if with_cameras:  # What it loses is random: it drops paths.
        return result
    terms = model.loss_terms(y, model(x, training=True), training=False)
    for name, losses in terms.items():
        result[f"loss {name}"] = np.mean(arrays(losses))
    return result


def assert_agree(actual, expected, tolerance, loss_tolerance):
    assert actual.keys() == set(expected)
    for name, values in actual.items():
        within = loss_tolerance if name.startswith("loss ") else tolerance
        np.testing.assert_allclose(
            values, expected[name], rtol=0, atol=within, err_msg=name
        )


def main(folder):
    backend = keras.backend.backend()
    for name, cls in MODELS.items():
        model = cls.from_preset(str(folder / name))
        # Saved first: a forward pass of training moves the statistics.
        model.save_to_preset(str(folder / backend / name))
        expected = np.load(folder / f"{name}.npz")
        actual = descriptors_and_losses(model)
        assert_agree(actual, expected, tolerance=1e-4, loss_tolerance=1e-3)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

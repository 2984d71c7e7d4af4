"""Files of earlier versions load: what they call the weights stays."""

import hashlib

import h5py
import pytest

from tests.models.every_model import EVERY_MODEL, model_and_batch

# Of the paths and shapes in a file of the small models of these tests. One
# that differs says that files from before cannot be read any more: see what
# the change moved, above all classes inside of a layer, by whose names files
# call them.
DIGESTS = {
    "GlobalBaseline": "77e95d3937846766",
    "BPBReID": "b6a9afe0dcd735bc",
    "DROP": "3b96e1f45d33c3d6",
    "PABReID": "820f8620e561deef",
    "HPNet": "be2f18555a09d2c7",
    "TransReIDBaseline": "20f164ed161665b8",
    "DPEFormer": "7fdce550bb0a14ac",
}


@pytest.mark.backend_neutral
@pytest.mark.parametrize("name", EVERY_MODEL)
def test_weights_are_called_as_before(name, tmp_path):
    model, _ = model_and_batch(EVERY_MODEL[name])
    path = tmp_path / "model.weights.h5"
    model.save_weights(path)
    found = []
    with h5py.File(path) as file:
        file.visititems(
            lambda key, item: (
                found.append(f"{key} {item.shape}")
                if isinstance(item, h5py.Dataset)
                else None
            )
        )
    digest = hashlib.sha256("\n".join(sorted(found)).encode()).hexdigest()
    assert digest[:16] == DIGESTS.get(name), found

"""A gallery by a real model, from wherever it lies."""

import numpy as np
import pytest

import keras_drop
from keras_drop import Gallery
from keras_drop.gallery.embedding.embedder import load_embedder

pytestmark = [pytest.mark.backend_neutral, pytest.mark.slow]


def make_model(seed=0):
    import keras

    keras.utils.set_random_seed(seed)
    models = keras_drop.models
    return models.BPBReID(models.resnet18((64, 32)), 3, part_schema="five")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    model = make_model()
    model.save(folder / "model.keras")
    model.save_to_preset(str(folder / "preset"))
    return folder


@pytest.fixture
def photos():
    rng = np.random.default_rng(0)
    return list(rng.integers(0, 256, (6, 70, 30, 3), "uint8"))


@pytest.mark.parametrize(
    "where",
    [
        "model.keras",
        "preset",
        pytest.param("served", marks=pytest.mark.nightly),
    ],
)
def test_a_model_that_lies_somewhere(where, folder, photos, tmp_path):
    if where == "served":
        keras_drop.export.export_saved_model(make_model(), folder / where)
    gallery = Gallery.create(tmp_path / "g", model=folder / where)
    gallery.add(photos, identities=range(6))
    assert gallery.about["model"]["name"] == "BPBReID"
    assert gallery.about["model"]["part_schema"] == "five"
    again = Gallery.open(tmp_path / "g")
    hits = again.search(photos[4], k=6)
    assert hits[0].identity == 4 and hits[0].distance == pytest.approx(
        0, abs=1e-3
    )
    assert set(hits[0].part_distances) <= set(hits.part_names)
    stored = again._engine.vectors(again.about).described
    wanted = make_model().embed(photos)
    np.testing.assert_allclose(
        stored.embeddings, wanted.embeddings, atol=1e-4, rtol=1e-3
    )
    page = again.explain(hits, tmp_path / "why.html").read_text()
    # Each photo beside its parts, of which a SavedModel has no map.
    assert page.count("base64,") == 7 * (1 if where == "served" else 2)
    with pytest.raises(ValueError, match="Descriptors of two models"):
        Gallery.open(tmp_path / "g", make_model(seed=1)).search(photos[0])


def test_the_same_weights_are_the_same_model(folder):
    sums = {
        load_embedder(source).checksum
        for source in (make_model(), folder / "model.keras", folder / "preset")
    }
    assert len(sums) == 1
    with pytest.raises(FileNotFoundError, match="no model"):
        load_embedder(folder / "gone.keras")

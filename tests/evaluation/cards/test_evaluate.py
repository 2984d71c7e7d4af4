import numpy as np
import pytest

from keras_drop.descriptors import Descriptors
from keras_drop.evaluation import (
    ModelDescription,
    Protocol,
    embed_splits,
    evaluate,
    evaluate_retrieval,
)
from keras_drop.records import Records

pytestmark = pytest.mark.backend_neutral

SPLITS = {
    "train": None,
    "query": Records([f"q{k}" for k in range(6)], np.arange(6), [0] * 6),
    "gallery": Records(
        [f"g{k}" for k in range(12)], np.arange(12) % 6, [1] * 12
    ),
}


cameras = []


def embedded(paths):
    number = {p: np.random.default_rng(k) for k, p in enumerate(paths)}
    return Descriptors([number[path].normal(size=3) for path in paths])


class FakeModel:
    """Its embedding of an image follows from the image's name."""

    input_shape = (None, 8, 4, 3)

    def __init__(self, depth=50, margin=0.3, head="plain", name=None):
        self.depth, self.margin, self.head = depth, margin, head

    def embed(self, batches):
        assert batches.image_size == (8, 4)
        cameras.append(batches.cameras)
        return embedded(batches.paths)

    def get_config(self):
        head = {"class_name": "Head", "config": {"name": self.head}}
        return {
            "depth": self.depth,
            "margin": self.margin,
            "head": head,
            "name": "fake_7",
        }


def test_a_model_is_embedded_and_described():
    model = FakeModel(margin=0.5, head="wide")
    about = ModelDescription.of(model, seed=3)
    card = evaluate(model, SPLITS, "market1501", model=about)
    sides = [embedded(SPLITS[k].paths) for k in ("query", "gallery")]
    result = evaluate_retrieval(*sides, SPLITS["query"], SPLITS["gallery"])
    assert card.metrics == result.metrics
    assert card.model == ModelDescription(
        "FakeModel", {"margin": 0.5, "head": "wide"}, (8, 4), seed=3
    )
    again = evaluate(sides, SPLITS, "market1501", model=about)
    assert again.metrics == card.metrics
    assert again.markdown_row() == card.markdown_row()
    given = evaluate(model, SPLITS, Protocol.named("market1501"), model="mine")
    assert given.title == "mine (margin=0.5, head=wide)"
    assert evaluate(model, SPLITS, "market1501").model.seed is None
    assert given.protocol_checksum == card.protocol_checksum


def test_a_model_is_told_the_cameras_where_they_are_known():
    cameras.clear()
    for know_cameras in (False, True):
        evaluate(FakeModel(), SPLITS, "market1501", know_cameras=know_cameras)
    assert cameras[:2] == [None, None]
    for told, side in zip(cameras[2:], ("query", "gallery"), strict=True):
        np.testing.assert_array_equal(told, SPLITS[side].cameras)


def test_plain_arrays():
    rng = np.random.default_rng(0)
    query, gallery = rng.normal(size=(6, 2, 3)), rng.normal(size=(12, 2, 3))
    plain = evaluate([query, gallery], SPLITS, "market1501", model="m")
    same = evaluate(
        (Descriptors(query), Descriptors(gallery)),
        SPLITS,
        "market1501",
        model="m",
    )
    assert plain.metrics == same.metrics
    assert plain.model == ModelDescription("m")


class Sizeless(FakeModel):
    input_shape = (None, None, None, 3)


ARRAYS = np.ones((6, 2)), np.ones((12, 2))


@pytest.mark.parametrize(
    ("source", "options", "message"),
    [
        (ARRAYS, {}, "give the name of their `model`"),
        (ARRAYS[0], {"model": "m"}, "it is a ndarray"),
        (ARRAYS[:1], {"model": "m"}, "the pair of query and gallery"),
        (ARRAYS, {"model": "m", "protocol": "duke"}, "occluded_duke"),
        (ARRAYS[::-1], {"model": "m"}, "12 descriptors and 6 records"),
        (ARRAYS, {"model": "m", "splits": {"train": 1}}, "no gallery and no"),
        (Sizeless(), {}, r"any size\. Say which"),
    ],
)
def test_refuses(source, options, message):
    arguments = {"splits": SPLITS, "protocol": "market1501", **options}
    with pytest.raises(ValueError, match=message):
        evaluate(source, **arguments)


def test_wrong_options_are_refused_before_embedding():
    class Slow(FakeModel):
        def embed(self, batches):
            pytest.fail("embedded first")

    with pytest.raises(ValueError, match="`rerank` is one of"):
        evaluate(Slow(), SPLITS, "market1501", rerank="all")
    with pytest.raises(ValueError, match="occluded_duke"):
        evaluate(Slow(), SPLITS, "duke")
    with pytest.raises(ValueError, match="no gallery"):
        evaluate(Slow(), {"query": 1}, "market1501")


def test_what_cannot_embed():
    with pytest.raises(ValueError, match="A list cannot `embed`"):
        embed_splits([], SPLITS, image_size=(8, 4))

import numpy as np
import pytest

from keras_drop.descriptors import Descriptors
from keras_drop.evaluation import Protocol, evaluate, evaluate_retrieval
from keras_drop.records import Records

pytestmark = pytest.mark.backend_neutral

SPLITS = {
    "train": None,
    "query": Records([f"q{k}" for k in range(6)], np.arange(6), [0] * 6),
    "gallery": Records(
        [f"g{k}" for k in range(12)], np.arange(12) % 6, [1] * 12
    ),
}


class FakeModel:
    """Its embedding of an image follows from the image's name."""

    input_shape = (None, 8, 4, 3)

    def __init__(self, depth=50, margin=0.3, head="plain", name=None):
        self.depth, self.margin, self.head = depth, margin, head

    def embed(self, batches):
        paths, size = batches
        assert size == (8, 4)
        number = {p: np.random.default_rng(k) for k, p in enumerate(paths)}
        return Descriptors([number[path].normal(size=3) for path in paths])

    def get_config(self):
        head = {"class_name": "Head", "config": {"name": self.head}}
        return {
            "depth": self.depth,
            "margin": self.margin,
            "head": head,
            "name": "fake_7",
        }


def batches(paths, image_size):
    return paths.tolist(), image_size


def test_a_model_is_embedded_and_described():
    model = FakeModel(margin=0.5, head="wide")
    card = evaluate(model, SPLITS, "market1501", batches=batches, seed=3)
    sides = [
        model.embed((SPLITS[k].paths.tolist(), (8, 4)))
        for k in ("query", "gallery")
    ]
    result = evaluate_retrieval(*sides, SPLITS["query"], SPLITS["gallery"])
    assert card.metrics == result.metrics
    assert card.model == "FakeModel"
    assert card.switches == {"margin": 0.5, "head": "wide"}
    assert card.image_size == (8, 4)
    assert card.seed == 3
    again = evaluate(sides, SPLITS, "market1501", model=model, seed=3)
    assert again.metrics == card.metrics
    assert again.markdown_row() == card.markdown_row()
    given = evaluate(
        model,
        SPLITS,
        Protocol.named("market1501"),
        batches=batches,
        model="mine",
        switches={"epochs": 7},
    )
    assert given.title == "mine (epochs=7)"
    assert given.protocol_checksum == card.protocol_checksum


def test_a_model_is_told_the_cameras_where_they_are_known():
    told = []

    def batches_of(paths, image_size, cameras=None):
        told.append(cameras)
        return batches(paths, image_size)

    for know_cameras in (False, True):
        evaluate(
            FakeModel(),
            SPLITS,
            "market1501",
            batches=batches_of,
            know_cameras=know_cameras,
        )
    assert told[:2] == [None, None]
    for cameras, side in zip(told[2:], ("query", "gallery"), strict=True):
        np.testing.assert_array_equal(cameras, SPLITS[side].cameras)


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
    assert plain.image_size is None and plain.seed is None


ARRAYS = np.ones((6, 2)), np.ones((12, 2))


@pytest.mark.parametrize(
    ("source", "options", "message"),
    [
        (ARRAYS, {}, "give the name of their `model`"),
        (ARRAYS[0], {"model": "m"}, "it is a ndarray"),
        (ARRAYS[:1], {"model": "m"}, "the pair of query and gallery"),
        (ARRAYS, {"model": "m", "metric": "l1"}, "`metric` is one of"),
        (ARRAYS, {"model": "m", "confidence": 95}, "`confidence` is a share"),
        (ARRAYS, {"model": "m", "protocol": "duke"}, "occluded_duke"),
        (ARRAYS[::-1], {"model": "m"}, "12 descriptors and 6 records"),
        (ARRAYS, {"model": "m", "splits": {"train": 1}}, "no gallery and no"),
        (FakeModel(), {}, "needs `batches=keras_drop.data.ImageBatches`"),
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

    for wrong in ({"rerank": "all"}, {"num_resamples": 0}, {"combine": "x"}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            evaluate(Slow(), SPLITS, "market1501", batches=batches, **wrong)

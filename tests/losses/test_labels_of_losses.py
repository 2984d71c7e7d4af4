"""Labels that losses are given by strangers: columns, one-hot rows, others."""

import keras
import numpy as np
import pytest

from keras_drop.losses import (
    ArcFace,
    Centre,
    CircleIdentity,
    CosFace,
    FocalParsing,
    IdentityCrossEntropy,
    MemoryContrastive,
    PartAveragedTriplet,
    PartAwareCompactness,
    PrototypeCompactness,
    SpatiallySmoothedParsing,
    VisibilityTriplet,
    VisibleIdentity,
)

IDENTITIES = np.array([2, 0, 2, 1])
rng = np.random.default_rng(4)
LOGITS = np.tanh(rng.normal(size=(4, 3))).astype("float32")
PARTS = rng.normal(size=(4, 2, 5)).astype("float32")
SEEN = {"embeddings": PARTS, "visibility": np.ones((4, 2), "float32")}
PROTOTYPES = rng.normal(size=(3, 2, 5)).astype("float32")
KNOWN = {
    "embeddings": PARTS[:, 0],
    "memory": PROTOTYPES[:, 0],
    "seen": np.ones(3, bool),
}
# With a place for every person: who has none is nobody.
OF_PLACES = [
    (IdentityCrossEntropy(), LOGITS),
    (ArcFace(), LOGITS),
    (CosFace(), LOGITS),
    (CircleIdentity(), LOGITS),
    (
        VisibleIdentity(),
        {"logits": PARTS[..., :3], "visibility": SEEN["visibility"]},
    ),
    (Centre(), {"embeddings": PARTS[:, 0], "centres": PROTOTYPES[:, 0]}),
    (MemoryContrastive(), KNOWN),
]
OF_PAIRS = [
    (PartAveragedTriplet(0.4), SEEN),
    (VisibilityTriplet(0.4), SEEN),
    (PartAwareCompactness(0.4), {"embeddings": PARTS}),
    (
        PrototypeCompactness(0.4),
        {
            "embeddings": PARTS,
            "prototypes": PROTOTYPES,
            "seen": np.ones((3, 2), bool),
        },
    ),
]


def ids(pairs):
    return [type(loss).__name__ for loss, _ in pairs]


EVERY = pytest.mark.parametrize(
    "loss, outputs", OF_PLACES + OF_PAIRS, ids=ids(OF_PLACES + OF_PAIRS)
)


@EVERY
def test_a_column_is_a_row(loss, outputs):
    expected = float(loss(IDENTITIES, outputs))
    assert expected > 0
    assert float(loss(IDENTITIES[:, None], outputs)) == pytest.approx(expected)


@EVERY
@pytest.mark.parametrize(
    "identities, message",
    [
        (np.eye(3)[IDENTITIES], r"have the shape \(4, 3\). Take `argmax"),
        (np.array([1]), "1 identities for 4 images"),
        (np.float16(IDENTITIES), "are float16, .* 2048 people"),
    ],
    ids=["one-hot", "one", "half"],
)
def test_other_labels_are_refused(loss, outputs, identities, message):
    with pytest.raises(ValueError, match=message):
        loss.call(identities, outputs)


@pytest.mark.parametrize("loss, outputs", OF_PLACES, ids=ids(OF_PLACES))
@pytest.mark.parametrize("stranger", [-1, 3, 900])
def test_who_has_no_place_is_no_number(loss, outputs, stranger):
    identities = np.where(IDENTITIES == 0, stranger, IDENTITIES)
    losses = keras.ops.convert_to_numpy(loss.call(identities, outputs))
    assert np.isnan(losses).tolist() == [False, True, False, False]


def test_a_loss_of_16_bits_says_so():
    loss = IdentityCrossEntropy(dtype="bfloat16")
    with pytest.raises(ValueError, match=r"bfloat16, .* 256 people.*float32"):
        loss(IDENTITIES, LOGITS)


def test_a_part_that_is_no_class_is_no_number():
    labels = np.zeros((2, 4, 4), int)
    labels[1, 2, 2] = 255
    logits = rng.normal(size=(2, 4, 4, 3)).astype("float32")
    losses = keras.ops.convert_to_numpy(
        SpatiallySmoothedParsing().call(labels, logits)
    )
    assert np.isnan(losses).tolist() == [False, True]


def test_binary_labels_may_be_of_any_size():
    """As in a graph that does not know the size of the images."""

    labels = (rng.random((2, 4, 4, 3)) < 0.5).astype("float32")
    loss = FocalParsing()
    inputs = keras.Input((None, None, 3)), keras.Input((None, None, 3))
    model = keras.Model(inputs, _Call(loss)(inputs))
    expected = keras.ops.convert_to_numpy(loss.call(labels, 2 * labels))
    np.testing.assert_allclose(
        keras.ops.convert_to_numpy(model([labels, 2 * labels])),
        expected,
        rtol=1e-6,
    )
    with pytest.raises(ValueError, match="part_cells"):
        loss.call(labels[:, ::2], labels)


class _Call(keras.layers.Layer):
    def __init__(self, loss):
        super().__init__()
        self.loss = loss

    def call(self, pair):
        return self.loss.call(*pair)

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keras_drop.losses import (
    PartAveragedTriplet,
    PartAwareCompactness,
    part_aware_compactness,
)
from keras_drop.ops import average_part_distances, part_distances
from tests.compiled import jitted
from tests.gradients import autodiff, finite_difference
from tests.reference import part_triplet
from tests.reference.part_triplet import (
    FIXTURE_BANK,
    FIXTURE_EMBEDDINGS,
    FIXTURE_IDENTITIES,
)
from tests.testing import assert_round_trip

# Compiled once for all the orders that are tried.
LOSS = jitted(PartAwareCompactness())


def make_batch(seed, num_identities=3, images_each=3, num_parts=2, dim=4):
    rng = np.random.default_rng(seed)
    identities = np.repeat(np.arange(num_identities), images_each)
    return identities, rng.normal(size=(identities.size, num_parts, dim))


def make_bank(seed, capacity=7, num_parts=2, dim=4):
    """Two empty slots, which hold something that must not matter."""
    rng = np.random.default_rng(seed)
    embeddings = rng.normal(size=(capacity, num_parts, dim))
    identities = rng.integers(5, size=capacity)
    identities[2:4] = -1
    return embeddings, identities, make_visibility(seed + 1, capacity)


def make_visibility(seed, num_images, num_parts=2):
    visibility = np.random.default_rng(seed).uniform(
        size=(num_images, num_parts)
    )
    return np.where(visibility < 0.4, 0.0, visibility)


def numpy(x):
    return keras.ops.convert_to_numpy(x)


def test_fixture_distances_to_the_bank():
    distances = average_part_distances(
        part_distances(FIXTURE_EMBEDDINGS, FIXTURE_BANK[0])
    )
    expected = [
        (1.414214, 3.207107),
        (2.302776, 0.5),
        (1.207107, 2.302776),
        (5.008269, 3.207107),
    ]
    np.testing.assert_allclose(numpy(distances), expected, atol=1e-6)


@pytest.mark.parametrize(
    "combine, expected, mean",
    [
        ("mean", [1.8, 2.8, 4.453568, 2.660675], 2.928561),
        ("asymmetric", [3.8, 4.8, 7.578174, 5.785281], 5.490864),
    ],
)
def test_fixture_losses(combine, expected, mean):
    losses = jitted(lambda *x: part_aware_compactness(*x, combine=combine))(
        FIXTURE_IDENTITIES, FIXTURE_EMBEDDINGS, FIXTURE_BANK
    )
    np.testing.assert_allclose(numpy(losses), expected, atol=1e-6)
    loss = jitted(PartAwareCompactness(combine=combine))
    batch = {"embeddings": FIXTURE_EMBEDDINGS, "bank": FIXTURE_BANK}
    actual = float(loss(FIXTURE_IDENTITIES, batch))
    assert actual == pytest.approx(mean, abs=1e-6)


def test_an_empty_bank_and_none_are_the_part_averaged_triplet():
    empty = np.full((3, 2, 2), 9.0), np.full(3, -1), np.ones((3, 2))
    loss = jitted(PartAwareCompactness())
    for batch in (
        FIXTURE_EMBEDDINGS,
        {"embeddings": FIXTURE_EMBEDDINGS, "bank": empty},
    ):
        actual = float(loss(FIXTURE_IDENTITIES, batch))
        assert actual == pytest.approx(2.352867, abs=1e-6)
    identities, embeddings = make_batch(seed=1)
    np.testing.assert_array_equal(
        numpy(loss(identities, embeddings)),
        numpy(jitted(PartAveragedTriplet())(identities, embeddings)),
    )


def test_unit_length_compares_directions():
    identities, embeddings = make_batch(seed=4)
    slots, people, seen = make_bank(seed=5)
    visibility = make_visibility(6, len(identities))
    # One part that shows nothing at all.
    embeddings[2, 1], visibility[2, 1] = 0, 0

    def of(unit_length, *vectors):
        loss = PartAwareCompactness(margin=0.7, unit_length=unit_length)
        batch, bank = vectors
        return loss(
            identities,
            {
                "embeddings": batch,
                "visibility": visibility,
                "bank": (bank, people, seen),
            },
        )

    expected = float(
        of(
            False,
            part_triplet.unit_vectors(embeddings),
            part_triplet.unit_vectors(slots),
        )
    )
    assert expected > 0.3
    scales = np.random.default_rng(7).uniform(0.5, 9, (len(slots), 1, 1))
    actual = float(of(True, 5 * embeddings, scales * slots))
    assert actual == pytest.approx(expected, abs=1e-5)


def test_gradient_at_unit_length():
    identities, embeddings = make_batch(seed=8)
    visibility = np.ones((9, 2))
    embeddings[2, 1], visibility[2, 1] = 0, 0

    def of(x):
        return part_aware_compactness(
            identities, x, None, 0.7, "mean", visibility, unit_length=True
        )

    def slow(x):
        return part_triplet.part_aware_compactness(
            identities,
            part_triplet.unit_vectors(x),
            margin=0.7,
            visibility=visibility,
        ).mean()

    actual = autodiff(jitted(lambda x: keras.ops.mean(of(x))), embeddings)
    expected = finite_difference(slow, embeddings)
    assert np.abs(expected).max() > 0.01
    np.testing.assert_array_equal(actual[2, 1], 0)
    expected[2, 1] = 0
    np.testing.assert_allclose(actual, expected, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("bank_positives", [False, True])
@pytest.mark.parametrize("with_visibility", [False, True])
@pytest.mark.parametrize("combine", ["mean", "asymmetric"])
@pytest.mark.parametrize("margin", [0.0, 0.7])
def test_matches_reference(margin, combine, with_visibility, bank_positives):
    identities, embeddings = make_batch(seed=2)
    identities[0] = 4  # A positive in the bank alone.
    arguments = {
        "bank": make_bank(seed=3),
        "margin": margin,
        "combine": combine,
        "visibility": make_visibility(4, 9) if with_visibility else None,
        "bank_positives": bank_positives,
    }
    arguments["bank"][1][0] = 4
    expected = part_triplet.part_aware_compactness(
        identities, embeddings, **arguments
    )
    assert (expected[0] > 0) == bank_positives
    actual = jitted(lambda i, e: part_aware_compactness(i, e, **arguments))(
        identities, embeddings.astype("float32")
    )
    np.testing.assert_allclose(numpy(actual), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("combine", ["mean", "asymmetric"])
def test_gradient_matches_finite_difference(combine):
    identities, embeddings = make_batch(seed=5)
    arguments = {
        "bank": make_bank(seed=6),
        "margin": 2.0,
        "combine": combine,
        "visibility": make_visibility(7, 9),
    }
    expected = finite_difference(
        lambda x: part_triplet.part_aware_compactness(
            identities, x, **arguments
        ).mean(),
        embeddings,
    )
    actual = autodiff(
        jitted(
            lambda x: keras.ops.mean(
                part_aware_compactness(identities, x, **arguments)
            )
        ),
        embeddings,
    )
    assert np.abs(expected).max() > 0.01
    np.testing.assert_allclose(actual, expected, rtol=1e-3, atol=1e-4)


def test_no_gradient_flows_into_the_bank():
    identities, embeddings = make_batch(seed=8)
    slots, slot_identities, visibility = make_bank(seed=9)
    bank_loss = jitted(
        lambda x: (
            keras.ops.sum(
                part_aware_compactness(
                    identities,
                    embeddings,
                    (x, slot_identities, visibility),
                    9.0,
                )
            )
            + keras.ops.sum(x)
        )
    )
    np.testing.assert_allclose(autodiff(bank_loss, slots), 1.0)


def test_gradient_is_finite_for_equal_embeddings():
    bank = np.ones((2, 2, 3)), np.array([1, -1]), np.ones((2, 2))
    gradient = autodiff(
        jitted(
            lambda x: keras.ops.sum(
                part_aware_compactness(
                    [0, 0, 1, 1], x, bank, combine="asymmetric"
                )
            )
        ),
        np.ones((4, 2, 3)),
    )
    np.testing.assert_array_equal(gradient, 0.0)


@pytest.mark.parametrize(
    "identities, slot_identities",
    [([0, 0, 0], [0, -1]), ([0, 1, 2], [0, 1]), ([0, 0, 0], [-1, -1])],
)
def test_no_triplet_costs_nothing(identities, slot_identities):
    bank = np.ones((2, 1, 3)), np.array(slot_identities), np.ones((2, 1))
    embeddings = np.eye(3, dtype="float32")[:, None]
    losses = jitted(lambda *x: part_aware_compactness(*x, margin=9.0))(
        np.array(identities), embeddings, bank
    )
    np.testing.assert_array_equal(numpy(losses), 0.0)


def test_half_precision_embeddings_give_a_float32_loss():
    identities, embeddings = make_batch(seed=10)
    losses = jitted(part_aware_compactness)(
        identities, keras.ops.cast(embeddings, "bfloat16"), make_bank(seed=11)
    )
    assert keras.backend.standardize_dtype(losses.dtype) == "float32"


@settings(deadline=None, max_examples=10)
@given(seed=st.integers(0, 10_000), data=st.data())
def test_order_of_batch_and_bank_does_not_matter(seed, data):
    identities, embeddings = make_batch(seed)
    bank = make_bank(seed)
    rows = np.array(data.draw(st.permutations(range(identities.size))))
    slots = np.array(data.draw(st.permutations(range(len(bank[0])))))
    straight = LOSS(identities, {"embeddings": embeddings, "bank": bank})
    shuffled = LOSS(
        identities[rows],
        {
            "embeddings": embeddings[rows],
            "bank": tuple(values[slots] for values in bank),
        },
    )
    np.testing.assert_allclose(float(straight), float(shuffled), rtol=1e-4)


def test_refuses_an_unknown_combine():
    with pytest.raises(
        ValueError, match=r"'mean', 'asymmetric'; got 'maximum'"
    ):
        PartAwareCompactness(combine="maximum")


def test_round_trip():
    assert_round_trip(
        PartAwareCompactness,
        margin=0.7,
        combine="asymmetric",
        bank_positives=True,
        reduction="sum",
        dtype="float64",
    )

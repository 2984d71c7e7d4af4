import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keras_drop.losses import PartAveragedTriplet, part_averaged_triplet
from keras_drop.ops import average_part_distances, part_distances
from tests.compiled import jitted
from tests.gradients import autodiff, finite_difference
from tests.reference import part_triplet
from tests.reference.part_triplet import (
    FIXTURE_EMBEDDINGS,
    FIXTURE_IDENTITIES,
    FIXTURE_VISIBILITY,
)
from tests.testing import assert_round_trip

# Compiled once for all the orders that are tried.
LOSS = jitted(PartAveragedTriplet())


def make_batch(seed, num_identities=3, images_each=3, num_parts=2, dim=4):
    rng = np.random.default_rng(seed)
    identities = np.repeat(np.arange(num_identities), images_each)
    return identities, rng.normal(size=(identities.size, num_parts, dim))


def make_visibility(seed, identities, num_parts=2):
    """Some parts hidden; the first image shows nothing at all."""
    rng = np.random.default_rng(seed)
    visibility = rng.uniform(size=(identities.size, num_parts))
    visibility[visibility < 0.4] = 0.0
    visibility[0] = 0.0
    return visibility


def numpy(x):
    return keras.ops.convert_to_numpy(x)


def test_fixture_distances():
    """All parts visible gives the plain mean."""
    distances = part_distances(FIXTURE_EMBEDDINGS, FIXTURE_EMBEDDINGS)
    expected = [
        [0, 3, 1.5, 6],
        [3, 0, 2.509882, 3],
        [1.5, 2.509882, 0, 5.360675],
        [6, 3, 5.360675, 0],
    ]
    plain = numpy(average_part_distances(distances))
    np.testing.assert_allclose(plain, expected, atol=1e-6)
    weighted, comparable = average_part_distances(
        distances, np.ones((4, 4, 2), "float32")
    )
    np.testing.assert_allclose(numpy(weighted), expected, atol=1e-6)
    assert numpy(comparable).all()


def test_fixture_distances_with_visibility():
    v = FIXTURE_VISIBILITY.astype("float32")
    distances, comparable = average_part_distances(
        part_distances(FIXTURE_EMBEDDINGS, FIXTURE_EMBEDDINGS),
        v[:, None] * v[None, :],
    )
    distances, comparable = numpy(distances), numpy(comparable)
    assert distances[0, 1] == pytest.approx(5)
    assert distances[0, 3] == pytest.approx(2)
    assert distances[1, 2] == pytest.approx(3.605551, abs=1e-6)
    assert distances[2, 3] == pytest.approx(2.236068, abs=1e-6)
    assert np.argwhere(~comparable).tolist() == [[1, 3], [3, 1]]


def test_fixture_losses():
    losses = numpy(
        jitted(part_averaged_triplet)(FIXTURE_IDENTITIES, FIXTURE_EMBEDDINGS)
    )
    expected = [1.8, 0.790118, 4.160675, 2.660675]
    np.testing.assert_allclose(losses, expected, atol=1e-6)
    loss = PartAveragedTriplet()(FIXTURE_IDENTITIES, FIXTURE_EMBEDDINGS)
    assert float(loss) == pytest.approx(2.352867, abs=1e-6)


def test_fixture_soft_form():
    loss = PartAveragedTriplet(margin=0.0)
    assert float(loss(FIXTURE_IDENTITIES, FIXTURE_EMBEDDINGS)) == pytest.approx(
        2.250425, abs=1e-6
    )


def test_fixture_losses_with_visibility():
    actual = jitted(PartAveragedTriplet())(
        FIXTURE_IDENTITIES,
        {"embeddings": FIXTURE_EMBEDDINGS, "visibility": FIXTURE_VISIBILITY},
    )
    # D(1,2)=5 D(1,3)=1.5 D(1,4)=2 D(2,3)=3.605551 D(3,4)=2.236068
    expected = [
        5 - 1.5 + 0.3,
        5 - 3.605551 + 0.3,
        2.236068 - 1.5 + 0.3,
        2.236068 - 2 + 0.3,
    ]
    assert float(actual) == pytest.approx(np.mean(expected), abs=1e-6)


def test_unit_length_compares_directions():
    """At whatever scale, also of a part that shows nothing at all."""
    identities, embeddings = make_batch(seed=4)
    visibility = make_visibility(6, identities)
    embeddings[2, 1], visibility[2, 1] = 0, 0
    unit = part_triplet.unit_vectors(embeddings)
    expected = part_triplet.part_averaged_triplet(
        identities, unit, margin=0.7, visibility=visibility
    ).mean()
    scales = np.random.default_rng(7).uniform(0.5, 9, (len(unit), 2, 1))
    loss = PartAveragedTriplet(margin=0.7, unit_length=True)
    actual = loss(
        identities,
        {"embeddings": scales * embeddings, "visibility": visibility},
    )
    assert expected > 0.3
    assert float(actual) == pytest.approx(expected, abs=1e-5)
    plain = PartAveragedTriplet(margin=0.7)
    assert float(plain(identities, scales * embeddings)) > 2 * expected


def test_fixture_losses_with_a_heavy_head():
    """The first part counts one and a half times."""
    weights = np.broadcast_to([1.5, 1.0], (4, 4, 2)).astype("float32")
    distances, _ = average_part_distances(
        part_distances(FIXTURE_EMBEDDINGS, FIXTURE_EMBEDDINGS), weights
    )
    expected = [
        [0, 3.4, 1.6, 6.8],
        [3.4, 0, 2.729016, 3.4],
        [1.6, 2.729016, 0, 5.985596],
        [6.8, 3.4, 5.985596, 0],
    ]
    np.testing.assert_allclose(numpy(distances), expected, atol=1e-6)
    loss = PartAveragedTriplet(part_weights=(1.5, 1))
    assert float(loss(FIXTURE_IDENTITIES, FIXTURE_EMBEDDINGS)) == pytest.approx(
        2.660544, abs=1e-6
    )


def test_equal_part_weights_give_the_plain_mean():
    identities, embeddings = make_batch(seed=9, num_parts=3)
    plain, weighted = (
        numpy(
            jitted(
                lambda i, e, w=weights: part_averaged_triplet(
                    i, e, part_weights=w
                )
            )(identities, embeddings.astype("float32"))
        )
        for weights in (None, (1.0, 1.0, 1.0))
    )
    np.testing.assert_array_equal(plain, weighted)


@pytest.mark.parametrize("part_weights", [None, (0.0, 3.0)])
@pytest.mark.parametrize("margin", [-1.0, 0.3, 2.0])
@pytest.mark.parametrize("visibility_weight", [None, "product", "sqrt"])
def test_matches_reference(margin, visibility_weight, part_weights):
    identities, embeddings = make_batch(seed=1)
    visibility, arguments = None, {}
    if visibility_weight:
        visibility = make_visibility(2, identities)
        arguments = {
            "visibility": visibility,
            "visibility_weight": visibility_weight,
        }
    expected = part_triplet.part_averaged_triplet(
        identities,
        embeddings,
        margin,
        visibility,
        visibility_weight == "sqrt",
        part_weights or 1,
    )
    actual = jitted(
        lambda i, e: part_averaged_triplet(
            i, e, margin=margin, part_weights=part_weights, **arguments
        )
    )(identities, embeddings.astype("float32"))
    assert expected.any()
    np.testing.assert_allclose(numpy(actual), expected, rtol=1e-4, atol=1e-5)


def test_one_part_is_the_ordinary_batch_hard_triplet():
    identities, embeddings = make_batch(seed=3, num_parts=1)
    between = np.linalg.norm(embeddings - embeddings[:, 0][None], axis=-1)
    same = identities[:, None] == identities[None]
    hardest_positive = np.where(same, between, 0).max(axis=1)
    hardest_negative = np.where(same, np.inf, between).min(axis=1)
    expected = np.maximum(hardest_positive - hardest_negative + 0.5, 0)
    actual = jitted(lambda *x: part_averaged_triplet(*x, margin=0.5))(
        identities, embeddings
    )
    np.testing.assert_allclose(numpy(actual), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("with_visibility", [False, True])
def test_gradient_matches_finite_difference(with_visibility):
    identities, embeddings = make_batch(seed=4)
    visibility = make_visibility(5, identities) if with_visibility else None
    expected = finite_difference(
        lambda x: part_triplet.part_averaged_triplet(
            identities, x, 2.0, visibility
        ).mean(),
        embeddings,
    )
    actual = autodiff(
        jitted(
            lambda x: keras.ops.mean(
                part_averaged_triplet(identities, x, 2.0, visibility)
            )
        ),
        embeddings,
    )
    assert np.abs(expected).max() > 0.01
    np.testing.assert_allclose(actual, expected, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("margin", [0.0, 0.3])
def test_gradient_is_finite_for_equal_embeddings(margin):
    gradient = autodiff(
        jitted(
            lambda x: keras.ops.sum(
                part_averaged_triplet([0, 0, 1, 1], x, margin)
            )
        ),
        np.ones((4, 2, 3)),
    )
    np.testing.assert_array_equal(gradient, 0.0)


def test_visibility_gets_no_gradient():
    identities, embeddings = make_batch(seed=6)
    gradient = autodiff(
        jitted(
            lambda v: keras.ops.sum(
                part_averaged_triplet(
                    identities,
                    keras.ops.convert_to_tensor(embeddings, "float32"),
                    visibility=v,
                    visibility_weight="sqrt",
                )
                + 0.0 * keras.ops.sum(v)
            )
        ),
        make_visibility(7, identities),
    )
    np.testing.assert_array_equal(gradient, 0.0)


@pytest.mark.parametrize("identities", [[0, 0, 0], [0, 1, 2]])
def test_no_triplet_costs_nothing(identities):
    embeddings = np.eye(3, dtype="float32")[:, None]
    losses = jitted(lambda *x: part_averaged_triplet(*x, 9.0))(
        np.array(identities), embeddings
    )
    np.testing.assert_array_equal(numpy(losses), 0.0)
    gradient = autodiff(
        jitted(
            lambda x: keras.ops.sum(part_averaged_triplet(identities, x, 0.0))
        ),
        embeddings,
    )
    np.testing.assert_array_equal(gradient, 0.0)


def test_anchors_without_a_positive_are_left_out_of_the_mean():
    embeddings = np.array([[[0.0]], [[1.0]], [[1.5]]])
    losses = part_averaged_triplet([7, 7, 8], embeddings)
    np.testing.assert_allclose(numpy(losses), [0.0, 1.2, 0.0], atol=1e-6)


def test_large_identities_stay_apart():
    """As bfloat16, 256 and 257 would be one person."""
    embeddings = np.array([[[0.0]], [[1.0]], [[1.0]]])
    loss = PartAveragedTriplet()([257, 256, 257], embeddings)
    assert float(loss) == pytest.approx((0.3 + 1.3) / 2)


def test_half_precision_embeddings_give_a_float32_loss():
    identities, embeddings = make_batch(seed=8)
    embeddings = keras.ops.cast(embeddings, "bfloat16")
    losses = jitted(part_averaged_triplet)(identities, embeddings)
    assert keras.backend.standardize_dtype(losses.dtype) == "float32"
    rounded = numpy(keras.ops.cast(embeddings, "float32")).astype("float64")
    expected = part_triplet.part_averaged_triplet(identities, rounded, 0.3)
    np.testing.assert_allclose(numpy(losses), expected, rtol=1e-4, atol=1e-5)


@settings(deadline=None, max_examples=10)
@given(seed=st.integers(0, 10_000), data=st.data())
def test_order_of_the_batch_does_not_matter(seed, data):
    identities, embeddings = make_batch(seed)
    order = np.array(data.draw(st.permutations(range(identities.size))))
    visibility = make_visibility(seed, identities)
    np.testing.assert_allclose(
        *(
            float(
                LOSS(
                    identities[rows],
                    {
                        "embeddings": embeddings[rows],
                        "visibility": visibility[rows],
                    },
                )
            )
            for rows in (slice(None), order)
        ),
        rtol=1e-4,
    )


def test_refuses_an_unknown_visibility_weight():
    with pytest.raises(ValueError, match=r"'product', 'sqrt'; got 'minimum'"):
        PartAveragedTriplet(visibility_weight="minimum")


@pytest.mark.parametrize("weights", [(1, -0.5), (0, 0), (), (1, float("nan"))])
def test_refuses_part_weights_below_0(weights):
    with pytest.raises(ValueError, match="none may be below 0"):
        PartAveragedTriplet(part_weights=weights)


def test_refuses_weights_for_other_parts():
    loss = PartAveragedTriplet(part_weights=(1, 1, 1))
    with pytest.raises(ValueError, match=r"2 parts and 3 `part_weights`"):
        loss(FIXTURE_IDENTITIES, FIXTURE_EMBEDDINGS)


def test_round_trip():
    assert_round_trip(
        PartAveragedTriplet,
        margin=0.7,
        visibility_weight="sqrt",
        part_weights=(1.5, 1),
        unit_length=True,
        reduction="sum",
        dtype="float64",
    )

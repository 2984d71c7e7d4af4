import keras
import numpy as np
import pytest
from keras import ops

from keras_drop.layers import PatchTokenSelection
from tests.compiled import compiled, jitted
from tests.gradients import autodiff
from tests.reference import dpeformer
from tests.testing import run_layer_test

SWITCHES = {
    "paper": {},
    "release": {
        "exclude_self_gap": False,
        "off_by_one": True,
        "batch_min": True,
    },
    "self gap": {"exclude_self_gap": False},
    "one fewer": {"off_by_one": True},
    "batch": {"batch_min": True},
    "cosine": {"similarity": "cosine"},
    "global": {"proxy": "global"},
    "at least 5": {"k_min": 5},
    "global cosine": {"proxy": "global", "similarity": "cosine"},
}


def numpy(structure):
    return keras.tree.map_structure(ops.convert_to_numpy, structure)


def make_tokens(seed=0, batch=5, num_patches=12, dim=6):
    """Patches of two kinds, so that the drops lie in several places."""
    rng = np.random.default_rng(seed)
    patches = rng.normal(size=(batch, num_patches, dim))
    for image, like in enumerate(rng.integers(3, num_patches - 1, batch)):
        patches[image, rng.permutation(num_patches)[:like]] += 1.0
    tokens = rng.normal(size=(batch, dim)) + 0.5
    return tokens.astype("float32"), patches.astype("float32")


@pytest.mark.parametrize("switches", SWITCHES.values(), ids=SWITCHES)
def test_matches_reference(switches):
    tokens, patches = make_tokens()
    arguments = {"k_min": 2, "num_parts": 3, **switches}
    expected = dpeformer.selection(tokens, patches, **arguments)
    counts = expected[1].sum(axis=1)
    assert counts.max() > 5 or "batch_min" in switches
    select = jitted(PatchTokenSelection(**arguments).call)
    for got, want in zip(numpy(select(tokens, patches)), expected, strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-4, atol=1e-5)


def test_round_trip_and_shapes():
    run_layer_test(
        PatchTokenSelection,
        {
            "proxy": "global",
            "similarity": "cosine",
            "k_min": 3,
            "exclude_self_gap": False,
            "off_by_one": True,
            "batch_min": True,
            "num_parts": 3,
        },
        *make_tokens(),
        output_shape=((5, 3, 6), (5, 12), (5, 12)),
        mixed_dtype=("bfloat16", "float32", "int32"),
    )


def with_similarities(similarities, proxy):
    """Global token and patches of one image with these inner products.

    Every patch has the given product with the proxy, which alone is like the
    global token.
    """
    patches = np.zeros((1, len(similarities), 2), "float32")
    patches[0, :, 0] = np.array(similarities) / np.sqrt(similarities[proxy])
    patches[0, proxy, 1] = 1e-3
    return np.array([[0.0, 1.0]], "float32"), patches


FIXTURE = (0.9, 0.2, 5.0, 0.85, 0.1, 0.8, 0.15, 0.95)


@pytest.mark.parametrize(
    "switches, k_min, count",
    [
        ({}, 2, 5),
        ({}, 6, 6),
        ({"exclude_self_gap": False, "off_by_one": True}, 2, 2),
        ({"exclude_self_gap": False, "off_by_one": True}, 6, 6),
        ({"exclude_self_gap": False}, 1, 1),
        ({"off_by_one": True}, 2, 4),
    ],
)
def test_order_and_gap_of_the_specification(switches, k_min, count):
    select = jitted(PatchTokenSelection(k_min=k_min, **switches).call)
    _, kept, ranks = numpy(select(*with_similarities(FIXTURE, proxy=2)))
    order = np.argsort(ranks[0])
    assert order.tolist() == [2, 7, 0, 3, 5, 1, 6, 4]
    assert np.flatnonzero(kept[0]).tolist() == sorted(order[:count])


def test_a_longer_patch_does_not_come_before_the_proxy():
    _, _, ranks = numpy(
        jitted(PatchTokenSelection(k_min=1).call)(
            *with_similarities((3.0, 9.0, 1.0, 4.0), proxy=3)
        )
    )
    assert ranks[0].tolist() == [2, 1, 3, 0]


@pytest.mark.parametrize("proxy", ["patch", "global"])
def test_of_equal_patches_the_first_wins(proxy):
    tokens = np.ones((2, 4), "float32")
    patches = np.ones((2, 5, 4), "float32")
    select = jitted(PatchTokenSelection(proxy=proxy, k_min=2).call)
    parts, kept, ranks = numpy(select(tokens, patches))
    assert ranks.tolist() == [[0, 1, 2, 3, 4]] * 2
    assert kept.tolist() == [[1, 1, 0, 0, 0]] * 2
    np.testing.assert_array_equal(parts, 1.0)


@pytest.mark.parametrize("proxy", ["patch", "global"])
def test_an_image_does_not_depend_on_its_batch(proxy):
    tokens, patches = make_tokens(batch=8)
    select = jitted(PatchTokenSelection(proxy=proxy, k_min=2).call)
    together = numpy(select(tokens, patches))
    for rows in ([5], [7, 2, 3]):
        some = numpy(select(tokens[rows], patches[rows]))
        for got, want in zip(some, together):
            np.testing.assert_allclose(got, want[rows], atol=1e-6)


def test_batch_min_makes_an_image_depend_on_its_batch():
    tokens, patches = make_tokens(batch=8)
    select = jitted(PatchTokenSelection(k_min=1, batch_min=True).call)
    together = numpy(select(tokens, patches))
    alone = [numpy(select(tokens[[i]], patches[[i]])) for i in range(8)]
    counts = [kept.sum() for _, kept, _ in alone]
    assert len(set(counts)) > 2
    # Every image keeps its own patches, of which it shows as few as the least.
    np.testing.assert_array_equal(together[1].sum(axis=1), counts)
    for count, mine, (parts, _, _) in zip(counts, together[0], alone):
        same = np.allclose(mine, parts[0], atol=1e-5)
        assert same == (count == min(counts))


def test_gradient_reaches_the_kept_patches_alone():
    tokens, patches = make_tokens(seed=3, batch=2)
    select = jitted(PatchTokenSelection(k_min=3, num_parts=2).call)
    target = ops.cast(
        np.random.default_rng(4).normal(size=(2, 2, 6)), "float32"
    )

    def score(tokens, patches):
        return ops.sum(select(tokens, patches)[0] * target)

    of_patches = autodiff(lambda x: score(tokens, x), patches)
    _, kept, _ = numpy(select(tokens, patches))
    np.testing.assert_array_equal(
        np.abs(of_patches).max(axis=-1) > 0, kept.astype(bool)
    )
    # Added, as a function of nothing has no gradient on some backends.
    of_tokens = autodiff(lambda x: score(x, patches) + ops.sum(x), tokens)
    np.testing.assert_array_equal(of_tokens, 1.0)


def test_compiles():
    tokens, patches = make_tokens()
    select = PatchTokenSelection(k_min=2)
    fast = numpy(compiled(select.call)(tokens, patches))
    for got, want in zip(fast, numpy(select(tokens, patches))):
        np.testing.assert_allclose(got, want, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"proxy": "mean"}, r"'patch', 'global'; got 'mean'"),
        ({"similarity": "l2"}, r"'dot', 'cosine'; got 'l2'"),
        ({"k_min": 0}, "`k_min` is 0"),
    ],
)
def test_refuses_unknown_switches(arguments, message):
    with pytest.raises(ValueError, match=message):
        PatchTokenSelection(**arguments)


@pytest.mark.parametrize("k_min, num_patches", [(24, 12), (1, 2)])
def test_refuses_too_few_patches(k_min, num_patches):
    tokens, patches = make_tokens(num_patches=12)
    with pytest.raises(ValueError, match=f"{num_patches} patches and `k_min`"):
        PatchTokenSelection(k_min=k_min)(tokens, patches[:, :num_patches])

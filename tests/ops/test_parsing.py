import keras
import numpy as np
import pytest
from keras import ops

from keras_drop.ops import (
    competing_part_maps,
    foreground_mask,
    parsing_targets,
    part_margins,
    part_visibility,
)
from tests.reference import hpnet
from tests.reference import maps as reference


def make_maps(seed, shape=(3, 4, 2, 5), spread=3.0):
    logits = np.random.default_rng(seed).normal(size=shape) * spread
    maps = np.exp(logits)
    return (maps / maps.sum(axis=-1, keepdims=True)).astype("float32")


@pytest.mark.parametrize("rule", ["argmax", "continuous", "threshold"])
def test_visibility_matches_reference(rule):
    # 28 parts in 6 cells: some parts of each rule are seen, some are not.
    maps = make_maps(0, (4, 3, 2, 8))
    visibility = part_visibility(maps, rule, threshold=0.6)
    assert keras.backend.standardize_dtype(visibility.dtype) == "float32"
    expected = reference.visibility(maps, rule, 0.6)
    assert 0 < expected[:, 1:].mean() < 1
    np.testing.assert_allclose(
        ops.convert_to_numpy(visibility), expected, rtol=1e-6
    )


@pytest.mark.parametrize("rule", ["argmax", "continuous", "threshold"])
def test_foreground_is_visible_where_all_is_background(rule):
    maps = np.zeros((2, 3, 3, 4), "float32")
    maps[..., 0] = 1.0
    np.testing.assert_array_equal(
        ops.convert_to_numpy(part_visibility(maps, rule)), [[1, 0, 0, 0]] * 2
    )


def test_a_tie_counts_for_both():
    maps = np.array([[[[0.2, 0.4, 0.4]]]], "float32")
    np.testing.assert_array_equal(
        ops.convert_to_numpy(part_visibility(maps)), [[1, 1, 1]]
    )


def test_the_threshold_itself_is_visible():
    maps = np.array([[[[0.5, 0.25, 0.25]]]], "float32")
    for threshold, expected in ((0.25, 1), (0.26, 0)):
        visibility = part_visibility(maps, "threshold", threshold)
        assert ops.convert_to_numpy(visibility)[0, 1] == expected


def test_an_unknown_rule_is_refused():
    with pytest.raises(ValueError, match=r"'argmax', 'continuous'.*got 'soft'"):
        part_visibility(make_maps(1), "soft")


def test_foreground_is_the_maximum_over_parts():
    maps = make_maps(2)
    np.testing.assert_array_equal(
        ops.convert_to_numpy(foreground_mask(maps)), maps[..., 1:].max(-1)
    )


def test_targets_are_the_first_most_likely_class():
    labels = make_maps(3, (5, 6, 3, 4))
    labels[:, 2:4, 1, 3] = labels[:, 2:4, 1, 1]
    targets = parsing_targets(labels, (6, 3))
    assert keras.backend.standardize_dtype(targets.dtype) == "int32"
    np.testing.assert_array_equal(
        ops.convert_to_numpy(targets), labels.argmax(-1)
    )
    for shared in ((0, 1), (1, 2), (0, 2)):
        tie = np.zeros((1, 1, 1, 3), "float32")
        tie[..., shared] = 0.5
        assert int(parsing_targets(tie, (1, 1))[0, 0, 0]) == shared[0]


@pytest.mark.parametrize("grid", [(3, 2), (16, 8)])
def test_targets_on_another_grid(grid):
    labels = make_maps(4, (2, 8, 4, 5), spread=1.0)
    resized = reference.resize(labels, grid, corner_aligned=True)
    np.testing.assert_array_equal(
        ops.convert_to_numpy(parsing_targets(labels, grid)), resized.argmax(-1)
    )


def test_competing_part_maps_match_reference():
    logits = 5 * np.random.default_rng(8).normal(size=(2, 3, 2, 4))
    probabilities = 1 / (1 + np.exp(-logits))
    maps = ops.convert_to_numpy(
        competing_part_maps(probabilities.astype("float32"))
    )
    np.testing.assert_allclose(
        maps, hpnet.competing_part_maps(logits), rtol=1e-4, atol=1e-6
    )
    np.testing.assert_allclose(maps.sum(axis=-1), 1, atol=1e-6)


def test_certain_probabilities_compete_too():
    certain = np.array([[[[1.0, 1.0], [1.0, 0.0], [0.0, 0.0]]]], "float32")
    maps = ops.convert_to_numpy(competing_part_maps(certain))
    expected = [[0, 0.5, 0.5], [0, 1, 0], [1, 0, 0]]
    np.testing.assert_array_equal(maps[0, 0], expected)


@pytest.mark.parametrize("seed", range(3))
def test_margins_match_a_loop_and_are_argmax_at_0(seed):
    rng = np.random.default_rng(seed)
    maps = rng.dirichlet(np.ones(4), (5, 2, 3)).astype("float32")
    maps[0, 0, 0] = [0.25, 0.25, 0.25, 0.25]
    maps[1, :] = [0.5, 0.5, 0.0, 0.0]
    expected = [
        [
            max(cell[k] - max(np.delete(cell, k)) for cell in image)
            for k in range(1, 4)
        ]
        for image in maps.reshape(5, 6, 4)
    ]
    margins = ops.convert_to_numpy(part_margins(ops.array(maps)))
    np.testing.assert_allclose(margins, expected, atol=1e-6)
    by_margin, by_argmax = (
        ops.convert_to_numpy(part_visibility(ops.array(maps), rule, 0.0))
        for rule in ("margin", "argmax")
    )
    np.testing.assert_array_equal(by_margin, by_argmax)
    assert 0 < by_argmax[:, 1:].mean() < 1

import numpy as np
import pytest

from keras_drop.data.occlusions.occluders.automatic_masks import (
    AutomaticMasks,
    grid_points,
    stability,
    suppress_overlaps,
)

pytestmark = pytest.mark.backend_neutral
SIDE = 16


def box_logits(top, left, bottom, right, level=9.0):
    logits = np.full((SIDE, SIDE), -level, "float32")
    logits[top:bottom, left:right] = level
    return logits


def masks_of(candidates, **arguments):
    """Masks of `(logits, predicted IoU)`, given out two points at a time."""

    def predict(image, points):
        assert points.shape == (9, 2)
        for start in range(0, len(candidates), 2):
            logits, scores = zip(*candidates[start : start + 2], strict=True)
            yield np.array(logits)[:, None], np.array(scores)[:, None]

    found = AutomaticMasks(predict, points_per_side=3, **arguments)
    masks = found(np.zeros((2 * SIDE, 4 * SIDE, 3), "uint8"))
    assert all(mask.dtype == bool for mask in masks)
    assert all(mask.shape == (2 * SIDE, 4 * SIDE) for mask in masks)
    return [mask[1::2, 2::4] for mask in masks]


def test_keeps_what_is_good_the_best_first():
    good, better = box_logits(0, 0, 4, 4), box_logits(8, 8, 14, 12)
    uncertain = box_logits(8, 0, 12, 4)
    small, large = box_logits(0, 8, 1, 9), box_logits(0, 0, 16, 15)
    masks = masks_of(
        [
            (good, 0.9),
            (uncertain, 0.87),
            (small, 0.99),
            (better, 0.95),
            (large, 0.99),
        ]
    )
    assert [mask.tolist() for mask in masks] == [
        (better > 0).tolist(),
        (good > 0).tolist(),
    ]


def test_bounds_are_arguments():
    small, uncertain = box_logits(0, 8, 1, 9), box_logits(8, 0, 12, 4)
    assert not masks_of([(small, 0.9), (uncertain, 0.5)])
    assert len(masks_of([(small, 0.9)], min_area=1 / 256)) == 1
    assert len(masks_of([(uncertain, 0.5)], min_predicted_iou=0.5)) == 1
    assert not masks_of([(box_logits(0, 0, 9, 9), 0.9)], max_area=0.3)


def test_a_mask_that_moves_with_its_threshold_is_left_out():
    logits = box_logits(0, 0, 8, 8)
    logits[8:10, :8] = 0.5
    assert stability(logits[None], 1.0) == pytest.approx(64 / 80)
    assert not masks_of([(logits, 0.9)])
    assert len(masks_of([(logits, 0.9)], min_stability=0.8)) == 1
    assert len(masks_of([(logits, 0.9)], stability_offset=0.1)) == 1


def test_of_equal_boxes_the_best_is_kept():
    one, other = box_logits(0, 0, 8, 8), box_logits(0, 0, 8, 7)
    masks = masks_of([(one, 0.9), (other, 0.99)])
    assert [mask.sum() for mask in masks] == [56]
    assert len(masks_of([(one, 0.9), (other, 0.99)], max_box_overlap=0.9)) == 2


def test_nothing_is_found():
    assert masks_of([]) == []
    assert masks_of([(np.full((SIDE, SIDE), -1.0, "f4"), 1.0)]) == []


def slow_suppression(boxes, max_overlap):
    kept = []
    for k, (top, left, bottom, right) in enumerate(boxes):
        for j in kept:
            a, b, c, d = boxes[j]
            rows = max(min(bottom, c) - max(top, a), 0)
            columns = max(min(right, d) - max(left, b), 0)
            shared = rows * columns
            union = (bottom - top) * (right - left) + (c - a) * (d - b) - shared
            if shared / union > max_overlap:
                break
        else:
            kept.append(k)
    return kept


@pytest.mark.parametrize("seed", range(5))
def test_suppression_matches_reference(seed):
    rng = np.random.default_rng(seed)
    corner = rng.integers(0, 10, (40, 2))
    boxes = np.hstack([corner, corner + rng.integers(1, 12, (40, 2))]).tolist()
    for overlap in (0.2, 0.5, 0.7):
        kept = suppress_overlaps(boxes, overlap)
        assert kept == slow_suppression(boxes, overlap)
        assert 1 < len(kept) < 40


def test_grid_points_are_evenly_spread():
    points = grid_points(4)
    assert sorted(set(points[:, 0])) == [0.125, 0.375, 0.625, 0.875]
    assert len({tuple(point) for point in points}) == 16

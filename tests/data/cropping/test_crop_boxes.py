"""Boxes to crops, beside a slow version that looks at every pixel."""

import numpy as np
import pytest

from keras_drop.data import CropRule, crop_boxes
from keras_drop.data.cropping.crop_boxes import covered

pytestmark = pytest.mark.backend_neutral


def covered_by_pixels(boxes):
    shares = []
    for box in boxes:
        hits = pixels = 0
        for y in range(box[1], box[3]):
            for x in range(box[0], box[2]):
                pixels += 1
                hits += any(
                    o[3] > box[3] and o[0] <= x < o[2] and o[1] <= y < o[3]
                    for o in boxes
                )
        shares.append(hits / pixels)
    return shares


def test_covered_is_that_of_pixels():
    rng = np.random.default_rng(3)
    start = rng.integers(0, 20, (9, 2))
    boxes = np.hstack([start, start + rng.integers(1, 15, (9, 2))])
    shares = covered_by_pixels(boxes.tolist())
    np.testing.assert_allclose(covered(boxes), shares)
    assert max(shares) > 0


def test_a_crop_is_the_box_and_its_padding_as_far_as_the_frame_goes():
    frame = np.random.default_rng(0).integers(0, 256, (60, 90, 3), "uint8")
    crops, rows = crop_boxes(
        frame, [[10, 20, 30, 50], [80, -9, 99, 40]], CropRule(0.1, 5, 5)
    )
    assert rows.tolist() == [0, 1]
    np.testing.assert_array_equal(crops[0], frame[17:53, 8:32])
    np.testing.assert_array_equal(crops[1], frame[0:45, 78:90])


@pytest.mark.parametrize(
    "rule, kept",
    [
        ({}, [0, 1, 3]),
        ({"min_height": 60}, [1, 3]),
        ({"max_covered": 0.2}, [1, 3]),
        ({"min_visibility": 0.5}, [0, 1]),
        ({"min_score": 0.6}, [0, 3]),
    ],
)
def test_each_rule_leaves_out_its_boxes(rule, kept):
    boxes = [
        [0, 0, 20, 40],
        [10, 10, 40, 80],
        [5, 95, 30, 140],
        [50, 0, 70, 99],
    ]
    _, rows = crop_boxes(
        np.zeros((100, 100, 3), "uint8"),
        boxes,
        CropRule(**rule),
        visibility=[0.9, np.nan, 1, 0.2],
        scores=[0.9, 0.5, 1, np.nan],
    )
    assert rows.tolist() == kept


def test_no_box_is_no_crop():
    crops, rows = crop_boxes(np.zeros((9, 9, 3), "uint8"), [])
    assert crops == [] and rows.shape == (0,)


@pytest.mark.parametrize(
    "frame, boxes, words",
    [
        (np.zeros((9, 9, 3)), [], "uint8"),
        (np.zeros((9, 9), "uint8"), [], r"\(height, width, 3\)"),
        (np.zeros((9, 9, 3), "uint8"), [[5, 5, 2, 9]], "in this order"),
        (np.zeros((9, 9, 3), "uint8"), [[5, 5, np.nan, 9]], "Box 0"),
        (np.zeros((9, 9, 3), "uint8"), [[5, 5, 9]], "num_boxes, 4"),
    ],
)
def test_what_is_no_frame_or_box_is_refused(frame, boxes, words):
    with pytest.raises(ValueError, match=words):
        crop_boxes(frame, boxes)


@pytest.mark.parametrize(
    "wrong", [{"padding": -1}, {"min_width": 0}, {"max_covered": 2}]
)
def test_impossible_rules_are_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        CropRule(**wrong)

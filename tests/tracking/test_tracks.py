"""Tracks by motion, and how they are measured, beside slow versions."""

import numpy as np
import pytest

from keras_drop.data import Boxes
from keras_drop.tracking import evaluate_tracks, link_boxes
from keras_drop.tracking.box_overlap import box_overlap
from keras_drop.tracking.evaluate_tracks import match_boxes
from tests.reference import tracking

pytestmark = pytest.mark.backend_neutral


def test_overlap_is_that_of_pixels():
    rng = np.random.default_rng(1)
    start = rng.integers(0, 8, (7, 2))
    boxes = np.hstack([start, start + rng.integers(1, 8, (7, 2))])
    expected = [[tracking.overlap(a, b) for b in boxes] for a in boxes]
    np.testing.assert_allclose(box_overlap(boxes, boxes), expected)
    assert box_overlap([], boxes).shape == (0, 7)
    assert box_overlap([[1, 1, 1, 1]], [[1, 1, 1, 1]]).tolist() == [[0.0]]


def walkers(ways, frames):
    """Boxes of people at `start + speed * frame`; `None` is nobody."""
    rows = [
        (frame, [x + v * frame, 0, x + v * frame + 20, 40])
        for frame in frames
        for x, v in ways
    ]
    return Boxes(*zip(*rows))


def test_people_who_cross_keep_their_tracks():
    boxes = walkers([(0, 7), (140, -7)], range(1, 21))
    tracks = link_boxes(boxes).reshape(20, 2)
    assert (tracks == tracks[0]).all() and tracks[0, 0] != tracks[0, 1]


def test_a_track_goes_on_over_a_gap_and_not_over_a_longer_one():
    boxes = walkers([(0, 6)], [1, 2, 3, 6, 7, 12, 13])
    assert link_boxes(boxes).tolist() == ["1"] * 5 + ["2"] * 2
    assert link_boxes(boxes, max_gap=1).tolist() == list("1112233")
    # A box that does not overlap is nobody's next.
    far = Boxes([1, 2], [[0, 0, 9, 9], [90, 0, 99, 9]])
    assert link_boxes(far, min_overlap=0.0).tolist() == ["1", "2"]


def test_frames_may_be_files():
    boxes = Boxes(["b.jpg", "a.jpg"], [[0, 0, 9, 20]] * 2)
    assert link_boxes(boxes).tolist() == ["1", "1"]


def test_idf1_is_that_of_the_best_of_all_assignments():
    rng = np.random.default_rng(3)
    people, tracks = rng.integers(0, 3, (2, 30)).astype(str)
    place = [[0, 0, 9, 20]] * 30
    found = evaluate_tracks(
        [Boxes(range(30), place, people)], [Boxes(range(30), place, tracks)]
    )
    assert found["IDF1"] == pytest.approx(
        tracking.idf1(people.tolist(), tracks.tolist())
    )
    assert found["IDP"] == found["IDR"] == found["IDF1"]


def test_switches_and_returns_in_order_of_time_over_cameras():
    place = [[0, 0, 9, 20]] * 4
    truth = [
        Boxes([1, 2, 30, 31], place, ["p"] * 4),
        Boxes([10, 11], place[:2], ["p"] * 2),
    ]
    found = [
        Boxes([1, 2, 30, 31], place, ["1", "2", "3", ""]),
        Boxes([10, 11], place[:2], ["2", "2"]),
    ]
    figures = evaluate_tracks(truth, found)
    # 1 2 | 2 2 | 3 nobody
    assert figures["switches"] == 3
    assert (figures["returns"], figures["refound"]) == (2, 0.5)
    assert (figures["tracks"], figures["people"]) == (3, 1)
    assert figures["IDR"] == 3 / 6 and figures["found"] == 1


def test_what_was_missed_and_what_was_invented_count():
    truth = Boxes([1, 1], [[0, 0, 10, 20], [50, 0, 60, 20]], ["p", "q"])
    found = Boxes([1, 1], [[3, 0, 13, 20], [90, 0, 99, 20]], ["1", "2"])
    assert match_boxes(truth, found).tolist() == [0, -1]
    assert match_boxes(truth, found, 0.6).tolist() == [-1, -1]
    figures = evaluate_tracks([truth], [found])
    assert figures["IDF1"] == figures["found"] == 0.5
    assert np.isnan(figures["refound"])
    with pytest.raises(ValueError, match="1 cameras and found ones of 2"):
        evaluate_tracks([truth], [found, found])


def test_files_of_one_camera_are_in_the_order_of_their_names():
    place = [[0, 0, 9, 20]] * 3
    sides = [["a.jpg", "b.jpg", "z.jpg"], [1, 2, 3]]
    by_file, by_number = (
        evaluate_tracks(
            [Boxes(frames, place, ["x"] * 3)],
            [Boxes(frames[::-1], place, ["1", "2", "2"])],
            min_gap=1,
        )
        for frames in sides
    )
    assert by_file == by_number and by_file["switches"] == 1
    files, numbers = (Boxes(f, place, ["x"] * 3) for f in sides)
    with pytest.raises(ValueError, match="Give both the same"):
        evaluate_tracks([files], [numbers])
    with pytest.raises(ValueError, match="2 cameras name files"):
        evaluate_tracks([files] * 2, [files] * 2)
    nobody = Boxes([], np.zeros((0, 4)), [])
    figures = evaluate_tracks([numbers, nobody], [numbers, nobody])
    assert figures["IDF1"] == 1

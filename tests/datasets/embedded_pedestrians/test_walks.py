"""People walk behind obstacles and back, and boxes say what is in sight."""

import dataclasses
import itertools

import numpy as np
import pytest

from keras_drop.data import Frames, read_boxes
from keras_drop.datasets.embedded_pedestrians import (
    DetectionNoise,
    walk_embedded_pedestrians,
)
from keras_drop.datasets.embedded_pedestrians.person.draw_identities import (
    draw_identities,
)
from keras_drop.datasets.embedded_pedestrians.walks.detection_noise import (
    detect,
)
from keras_drop.datasets.embedded_pedestrians.walks.passage import (
    Passage,
    plan_passages,
)
from keras_drop.datasets.embedded_pedestrians.walks.street import draw_street
from keras_drop.datasets.embedded_pedestrians.walks.street_frame import (
    SeenPerson,
    draw_street_frame,
)

pytestmark = pytest.mark.backend_neutral


@pytest.fixture(scope="module")
def street():
    return draw_street(5, 0)


@pytest.fixture(scope="module")
def people():
    return draw_identities(2, np.random.default_rng(0))[0]


def test_one_walks_behind_the_hoarding_and_out_again(street, people):
    wall = max(street.obstacles, key=lambda o: o.picture.shape[0])
    way = Passage(1, 0, 1, 1, wall.depth - 0.01, 6.0, None)
    frames = range(way.num_frames)
    places = [way.at(1 + frame)[0] for frame in frames]
    behind = 1 + int(np.argmin(np.abs(np.array(places) - wall.x)))
    seen = {
        frame: draw_street_frame(street, [way], people, frame, 5)[1][0]
        for frame in (behind - 25, behind, behind + 25)
    }
    shares = [one.visibility for one in seen.values()]
    assert shares[1] < 0.2 and shares[1] < min(shares[0], shares[2]) - 0.3
    left, top, right, bottom = seen[behind].box
    assert left < wall.x < right and bottom - top > 100
    before = dataclasses.replace(way, depth=1.0)
    _, (front,) = draw_street_frame(street, [before], people, behind, 5)
    assert front.visibility > 0.9


def test_who_turns_comes_back_out_of_the_same_side(street, people):
    way = Passage(1, 0, 10, -1, 0.2, 5.0, 320.0)
    columns = [way.at(10 + frame)[0] for frame in range(way.num_frames)]
    assert min(columns) == pytest.approx(320, abs=5)
    assert columns[0] > 640 and columns[-1] > 640
    directions = [way.at(10 + f)[1] for f in range(way.num_frames)]
    assert directions[0] == -1 and directions[-1] == 1
    assert way.at(9) is None and way.at(10 + way.num_frames) is None


def test_the_nearer_one_hides_the_other(street, people):
    ways = [Passage(p, 0, 1, 1, 0.9 + p / 50, 6.0, None) for p in (1, 2)]
    _, seen = draw_street_frame(street, ways, people, 40, 5)
    shares = {one.person: one.visibility for one in seen}
    assert shares[2] > 0.95 and shares[1] < 0.6


def test_everybody_comes_back_and_is_in_one_place_at_a_time(street):
    streets = [street, street]
    ways = plan_passages(4, 600, streets, np.random.default_rng(1))
    for person in range(1, 5):
        own = [w for w in ways if w.person == person]
        assert len(own) > 1
        for one, two in itertools.pairwise(own):
            assert one.start + one.num_frames < two.start
    assert {way.camera for way in ways} == {0, 1}
    assert any(way.turn is not None for way in ways)


def test_a_folder_is_read_as_any_other(tmp_path):
    folders = walk_embedded_pedestrians(tmp_path, 9, 1, 4, seed=2)
    frames = list(Frames(folders[0] / "img1"))
    assert [number for number, *_ in frames] == [1, 2, 3, 4]
    assert frames[0][2].shape == (256, 640, 3)
    truth = read_boxes(folders[0] / "gt" / "gt.txt")
    assert set(truth.tracks.tolist()) <= set("123456789")
    assert np.isfinite(truth.visibility).all()
    written = (folders[0] / "gt" / "gt.txt").stat().st_mtime_ns
    walk_embedded_pedestrians(tmp_path, 9, 1, 4, seed=2)
    assert (folders[0] / "gt" / "gt.txt").stat().st_mtime_ns == written


def test_a_detector_does_wrong_what_it_is_told_to():
    seen = [
        SeenPerson(1, (100.0, 50.0, 150.0, 150.0), 1.0),
        SeenPerson(2, (200.0, 50.0, 250.0, 150.0), 0.3),
    ]

    def found(**switches):
        rng = np.random.default_rng(0)
        noise = DetectionNoise(**{"invented": 0.0, **switches})
        return [detect(seen, (256, 640), noise, rng)[0] for _ in range(200)]

    still = found(jitter=0.0, missed=0.0)
    assert all(len(boxes) == 2 for boxes in still)
    np.testing.assert_array_equal(still[0][0], seen[0].box)
    shaken = np.array([b[0] for b in found(missed=0.0, jitter=0.1)])
    np.testing.assert_allclose(shaken.std(axis=0), [5, 10, 5, 10], rtol=0.3)
    count = sum(map(len, found(missed=0.25)))
    assert 270 < count < 330
    assert all(len(b) == 1 for b in found(missed=0, least_visible=0.5))
    invented = sum(map(len, found(missed=1.0, invented=0.5)))
    assert 70 < invented < 130
    with pytest.raises(ValueError, match="jitter"):
        DetectionNoise(jitter=2.0)


@pytest.mark.parametrize(
    "arguments",
    [
        {"num_people": 2.5},
        {"num_cameras": 1.5},
        {"num_cameras": 9},
        {"num_frames": 0},
        {"seed": -1},
        {"seed": 1.7},
    ],
)
def test_numbers_that_are_none_are_named(tmp_path, arguments):
    ((name, value),) = arguments.items()
    with pytest.raises(ValueError, match=f"`{name}` .*{value}"):
        walk_embedded_pedestrians(tmp_path, **arguments)
    assert not list(tmp_path.iterdir())

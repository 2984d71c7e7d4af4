import dataclasses

import cv2
import numpy as np
import pytest

from keras_drop.datasets.embedded_pedestrians.drawing.painter import Painter
from keras_drop.datasets.embedded_pedestrians.files.plan import (
    SEVERITIES,
    draw_people,
    plan_tasks,
)
from keras_drop.datasets.embedded_pedestrians.person.figure import Figure
from keras_drop.datasets.embedded_pedestrians.person.pose import Pose
from keras_drop.datasets.embedded_pedestrians.scene.camera import draw_cameras
from keras_drop.datasets.embedded_pedestrians.scene.compose import compose
from keras_drop.densepose_parts import PART_IDS, PART_NAMES

pytestmark = pytest.mark.backend_neutral

PEOPLE = draw_people("mini", 1)[0]


def paint(view, person=PEOPLE[0], elbow=20):
    """Labels of a person who stands in the middle and looks to `view`."""
    picture = np.full((256, 128, 3), 90, np.uint8)
    painter = Painter(picture, 225, np.random.default_rng(1))
    pose = Pose(view, 0, 0, 6, 1.0, elbow)
    Figure(person, pose, 64, 244, 225).paint(painter)
    return painter.labels


def middle(labels, part):
    rows, columns = np.nonzero(labels == PART_IDS[part])
    return rows.mean(), columns.mean()


@pytest.mark.parametrize("view, sign", [(0, 1), (180, -1)])
def test_left_is_the_left_of_the_person(view, sign):
    labels = paint(view)
    for part in ("hand", "upper_leg", "lower_leg", "upper_arm", "lower_arm"):
        left, right = (middle(labels, f"{s}_{part}") for s in ("left", "right"))
        assert sign * (left[1] - right[1]) > 5, part


def test_a_person_who_looks_right_shows_the_right_side():
    labels = paint(90)
    right, left = (
        (labels == PART_IDS[f"{side}_upper_arm"]).sum()
        for side in ("right", "left")
    )
    assert right > 2 * left


def test_parts_follow_each_other_down_the_body():
    labels = paint(0)
    order = ("head", "torso", "left_upper_leg", "left_lower_leg", "left_foot")
    rows = [middle(labels, part)[0] for part in order]
    assert rows == sorted(rows)
    order = ("left_upper_arm", "left_lower_arm", "left_hand")
    rows = [middle(labels, part)[0] for part in order]
    assert rows == sorted(rows)
    assert set(np.unique(labels)) == set(range(len(PART_NAMES) + 1))


def query_tasks(severity):
    tasks = plan_tasks("mini", 1, severity)
    return [task for task in tasks if "query" in task.splits]


@pytest.mark.parametrize("severity", ["light", "standard", "heavy"])
def test_as_much_is_hidden_as_was_asked_for(severity):
    low, high = SEVERITIES[severity]
    for task in query_tasks(severity):
        picture = compose(task, PEOPLE[task.identity - 1], 1)
        assert low / 100 <= picture.occlusion <= high / 100
        assert picture.occluder


def test_severities_differ_in_the_obstacle_only():
    for tasks in list(zip(query_tasks("none"), query_tasks("heavy")))[:5]:
        bare, hidden = (
            compose(task, PEOPLE[task.identity - 1], 1) for task in tasks
        )
        np.testing.assert_array_equal(bare.labels, hidden.whole_labels)
        same = (bare.image == hidden.image).all(axis=-1)
        assert 0.1 < same.mean() < 0.95
        # Away from its border, where the blur mixes both.
        seen = (hidden.labels > 0).astype(np.uint8)
        seen = cv2.erode(seen, np.ones((7, 7), np.uint8)) > 0
        assert same[seen].all()


def test_cameras_are_places_of_their_own():
    cameras = draw_cameras(1)
    assert len(cameras) == 8
    assert len({camera.background.tobytes() for camera in cameras}) == 8
    assert min(c.height for c in cameras) < 100
    assert max(c.height for c in cameras) == 256
    for camera in cameras:
        kinds = [occluder.kind for occluder in camera.occluders]
        assert len(set(kinds)) == len(kinds) == 4
        assert "pedestrian" not in kinds


def test_fixed_obstacles_stand_in_front_of_many_people():
    tasks = plan_tasks("small", 1, "standard")
    people = draw_people("small", 1)[0]
    tasks = [t for t in tasks if "query" in t.splits and t.camera == 2][:24]
    seen = {}
    for task in tasks:
        picture = compose(task, people[task.identity - 1], 1)
        seen.setdefault(picture.occluder, set()).add(task.identity)
    fixed = {o.kind for o in draw_cameras(1)[2].occluders}
    assert set(seen) <= fixed | {"pedestrian", "crate"}
    assert max(len(seen.get(kind, ())) for kind in fixed) >= 4


def test_sizes_lie_between_64_and_256():
    heights = set()
    for task in plan_tasks("mini", 1, "none")[::3]:
        picture = compose(task, PEOPLE[task.identity - 1], 1)
        height, width = picture.labels.shape
        assert picture.image.shape == (height, width, 3)
        assert 64 <= height <= 256 and width == height // 2
        heights.add(height)
    assert len(heights) > 10


def test_visible_parts_count_what_is_in_the_box():
    task = query_tasks("standard")[0]
    picture = compose(task, PEOPLE[task.identity - 1], 1)
    changed = dataclasses.replace(picture, labels=picture.whole_labels)
    assert set(np.unique(changed.visible_parts)) <= {0.0, 1.0}
    assert changed.occlusion == 0
    gone = dataclasses.replace(picture, labels=0 * picture.labels)
    assert gone.occlusion == 1 and not gone.visible_parts.any()

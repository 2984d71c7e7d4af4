import collections

import numpy as np
import pytest

from keras_drop.datasets.embedded_pedestrians.files.plan import (
    PRESETS,
    plan_tasks,
)

pytestmark = pytest.mark.backend_neutral

# The table of the specification: identities and images.
COUNTS = {
    "mini": ((8, 64), (6, 12), (8, 48)),
    "small": ((120, 1500), (80, 240), (110, 1300)),
    "medium": ((300, 4500), (200, 600), (350, 5000)),
    "full": ((702, 15618), (519, 2210), (1110, 17661)),
}


@pytest.mark.parametrize("preset", PRESETS)
def test_counts_and_splits(preset):
    tasks = plan_tasks(preset, 3, "standard")
    people, images = {}, {}
    for split in ("train", "query", "gallery"):
        chosen = [task for task in tasks if split in task.splits]
        people[split] = {task.identity for task in chosen}
        images[split] = chosen
    counts = tuple((len(people[s]), len(images[s])) for s in people)
    assert counts == COUNTS[preset]
    assert not people["train"] & people["gallery"]
    assert people["query"] < people["gallery"]
    assert min(people["train"]) == 1
    assert len({task.stem for task in tasks}) == len(tasks)
    shared = [task for task in images["query"] if "gallery" in task.splits]
    assert len(images["query"]) / 2 < len(shared) < len(images["query"])


@pytest.mark.parametrize("preset", ["mini", "small", "full"])
def test_every_query_has_a_positive_under_another_camera(preset):
    tasks = plan_tasks(preset, 1, "standard")
    cameras = collections.defaultdict(set)
    for task in tasks:
        if "gallery" in task.splits:
            cameras[task.identity].add(task.camera)
    for task in tasks:
        if "query" in task.splits:
            assert cameras[task.identity] - {task.camera}, task


def test_a_tenth_of_train_and_about_a_tenth_of_the_gallery_is_hidden():
    tasks = plan_tasks("small", 1, "standard")
    for split in ("train", "gallery"):
        hidden = [t.hidden is not None for t in tasks if split in t.splits]
        assert 0.09 <= sum(hidden) / len(hidden) <= 0.12
    assert all(t.hidden for t in tasks if "query" in t.splits)


def test_the_dials_change_nothing_but_what_is_hidden():
    plain = plan_tasks("small", 1, "standard")
    assert plan_tasks("small", 1, "standard", 0.1, 0.0) == plain
    assert not any(task.region for task in plain)
    more = plan_tasks("small", 1, "standard", 0.3, 0.25)
    for a, b in zip(plain, more, strict=True):
        assert (a.stem, a.camera, a.splits) == (b.stem, b.camera, b.splits)
        assert b.hidden or not a.hidden, "who was hidden stays hidden"
        assert b.hidden or not b.region
    hidden = [task for task in more if task.hidden]
    assert sum("train" in task.splits for task in hidden) == 450
    assert 0.2 < np.mean([task.region != "" for task in hidden]) < 0.3
    assert {task.region for task in hidden} == {"", "head", "legs"}


def test_the_severity_changes_nothing_but_how_much_is_hidden():
    plans = [plan_tasks("mini", 2, s) for s in ("none", "light", "heavy")]
    for tasks in zip(*plans):
        assert len({(t.stem, t.camera, t.splits) for t in tasks}) == 1
    assert not any(task.hidden for task in plans[0])


def test_names_carry_identity_and_camera():
    for task in plan_tasks("mini", 2, "standard"):
        person, camera, frame = task.stem.split("_")
        assert int(person) == task.identity
        assert camera == f"c{task.camera + 1}"
        assert frame[0] == "f" and len(frame) == 8

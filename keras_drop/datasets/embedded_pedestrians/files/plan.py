"""Which pictures a data set has: identities, splits, cameras, occlusion."""

import dataclasses

import numpy as np

from keras_drop.datasets.embedded_pedestrians.person.draw_identities import (
    draw_identities,
)
from keras_drop.datasets.embedded_pedestrians.scene.camera import NUM_CAMERAS
from keras_drop.datasets.embedded_pedestrians.scene.hiding import REGIONS


@dataclasses.dataclass(frozen=True)
class Preset:
    """How much is drawn.

    Args:
        train: Number of training identities and images.
        query: Number of query identities and images.
        gallery: Number of gallery identities and images.
        shared: Number of query files that also stand in the gallery.
    """

    train: tuple
    query: tuple
    gallery: tuple
    shared: int


PRESETS = {
    "mini": Preset((8, 64), (6, 12), (8, 48), 7),
    "small": Preset((120, 1500), (80, 240), (110, 1300), 144),
    "medium": Preset((300, 4500), (200, 600), (350, 5000), 500),
    "full": Preset((702, 15618), (519, 2210), (1110, 17661), 1870),
}
# Least and most percent that is hidden of a query.
SEVERITIES = {
    "none": None,
    "light": (10, 30),
    "standard": (30, 70),
    "heavy": (50, 85),
}
TRAIN_OCCLUSION = (10, 40)
FOLDERS = {
    "train": "bounding_box_train",
    "query": "query",
    "gallery": "bounding_box_test",
}


@dataclasses.dataclass(frozen=True)
class Task:
    """One picture to draw.

    Args:
        index: Its number, on which everything random about it depends.
        identity: Number of the person, from 1.
        camera: Number of the camera, from 0.
        splits: Where it is written to, `"train"`, `"query"` or `"gallery"`.
        hidden: Least and most percent of the person to hide, or None.
        stem: File name without its suffix.
        region: Parts that are to be hidden wholly, `"head"` or `"legs"`,
            whatever that takes; empty: whichever the obstacle hides.
    """

    index: int
    identity: int
    camera: int
    splits: tuple
    hidden: tuple | None
    stem: str
    region: str = ""


def draw_people(preset, seed):
    """All identities of a preset and the number of each one's twin, or None.

    Numbers count from 1: the training identities, then the others.
    """
    num_train, num_test = PRESETS[preset].train[0], PRESETS[preset].gallery[0]
    people, twins = [], []
    for stream, count in enumerate((num_train, num_test)):
        rng = np.random.default_rng([seed, 1, stream])
        drawn, twin_of = draw_identities(count, rng)
        first = len(people) + 1
        twins += [None if t is None else t + first for t in twin_of]
        people += drawn
    return people, twins


def plan_tasks(preset, seed, occlusion, hidden_share=0.1, hidden_parts=0.0):
    """All `Task`s of a data set, in the order of their numbers.

    Args:
        preset: Name of the preset.
        seed: Whole number.
        occlusion: Name of the severity.
        hidden_share: Of the training images that are hidden.
        hidden_parts: Share of the hidden images where parts are hidden wholly.
    """
    sizes, rng = PRESETS[preset], np.random.default_rng([seed, 2])
    hidden = SEVERITIES[occlusion]
    train_ids, train_images = sizes.train
    first_test = train_ids + 1
    rows = []
    # Rounded down, of a product that may be a little below a whole number.
    num_hidden = int(hidden_share * train_images + 1e-6)
    occluded = set(rng.permutation(train_images)[:num_hidden].tolist())
    for number, (person, camera) in enumerate(
        _appearances(rng, 1, train_ids, train_images)
    ):
        light = TRAIN_OCCLUSION if hidden and number in occluded else None
        rows.append((person, camera, ("train",), light))
    query_ids, query_images = sizes.query
    shared = set(rng.permutation(query_images)[: sizes.shared].tolist())
    for number, (person, camera) in enumerate(
        _appearances(rng, first_test, query_ids, query_images)
    ):
        splits = ("query", "gallery") if number in shared else ("query",)
        rows.append((person, camera, splits, hidden))
    gallery_ids, gallery_images = sizes.gallery
    for person, camera in _appearances(
        rng, first_test, gallery_ids, gallery_images - sizes.shared
    ):
        rows.append((person, camera, ("gallery",), None))
    tasks = [
        Task(index, person, camera, splits, percent, _stem(index, rng, *row))
        for index, row in enumerate(rows)
        for person, camera, splits, percent in [row]
    ]
    if not hidden_parts:
        return tasks
    return [_with_region(task, seed, hidden_parts) for task in tasks]


def _with_region(task, seed, hidden_parts):
    """The task, maybe with parts to hide; from a stream of its own."""
    rng = np.random.default_rng([seed, 7, task.index])
    if task.hidden is None or rng.random() >= hidden_parts:
        return task
    names = tuple(REGIONS)
    region = names[int(rng.integers(len(names)))]
    return dataclasses.replace(task, region=region)


def _appearances(rng, first, num_people, num_images):
    """`(identity, camera)` of every image, each person under many cameras."""
    people = np.arange(num_images) % num_people
    routes = [rng.permutation(NUM_CAMERAS)[:6] for _ in range(num_people)]
    visits = [0] * num_people
    rows = []
    for person in np.sort(people).tolist():
        route = routes[person]
        rows.append((first + person, int(route[visits[person] % len(route)])))
        visits[person] += 1
    return rows


def _stem(index, rng, person, camera, splits, percent):
    frame = 7 * index + int(rng.integers(7))
    return f"{person:04d}_c{camera + 1}_f{frame:07d}"

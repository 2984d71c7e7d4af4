"""Who is held out, and how they are asked for."""

import numpy as np
import pytest

import keras_drop as kd
from keras_drop.data import hold_out_people, query_and_gallery

pytestmark = pytest.mark.backend_neutral


def records(seed=0, people=12, images=90):
    rng = np.random.default_rng(seed)
    return kd.Records(
        [f"{k}.jpg" for k in range(images)],
        rng.integers(10, 10 + people, images),
        rng.integers(0, 3, images),
    )


@pytest.mark.parametrize("people, count", [(0.25, 3), (5, 5), (0.3, 4)])
def test_people_are_in_one_part_only_and_all_images_in_one(people, count):
    given = records()
    learnt, held_out = hold_out_people(given, people, seed=4)
    assert len(np.unique(held_out.identities)) == count
    assert not set(learnt.identities) & set(held_out.identities)
    both = [*learnt.paths, *held_out.paths]
    assert sorted(both) == sorted(given.paths) and len(set(both)) == len(both)


def test_the_seed_says_who():
    chosen = [
        sorted(set(hold_out_people(records(), 3, seed)[1].identities))
        for seed in (1, 1, 2, 3, 4)
    ]
    assert chosen[0] == chosen[1]
    assert len({tuple(people) for people in chosen}) > 2


@pytest.mark.parametrize("people, count", [(0.01, 0), (11, 11), (0.95, 11)])
def test_too_few_and_too_many(people, count):
    with pytest.raises(ValueError, match=f"of 12 are {count}; at least 1"):
        hold_out_people(records(), people)


@pytest.mark.parametrize("seed", range(20))
def test_every_query_is_found_under_another_camera(seed):
    given = records(seed, people=9, images=27)
    splits = query_and_gallery(given, seed)
    query, gallery = splits["query"], splits["gallery"]
    assert sorted([*query.paths, *gallery.paths]) == sorted(given.paths)
    asked = list(zip(query.identities, query.cameras))
    assert len(set(asked)) == len(asked), "once a person and camera"
    for person, camera in asked:
        matches = gallery.identities == person
        assert (matches & (gallery.cameras != camera)).any()
    several = [
        person
        for person in np.unique(given.identities)
        if len(set(given.cameras[given.identities == person])) > 1
    ]
    assert set(query.identities) == set(several)


def test_one_camera_finds_nobody_again():
    given = kd.Records(["a", "b"], [1, 1], [0, 0])
    with pytest.raises(ValueError, match="None of 1 people was seen by two"):
        query_and_gallery(given)

import dataclasses

import numpy as np
import pytest

from keras_drop.datasets.embedded_pedestrians.files.plan import draw_people
from keras_drop.datasets.embedded_pedestrians.person.draw_identities import (
    draw_identities,
)
from keras_drop.datasets.embedded_pedestrians.person.identity import (
    CLOTHED_PARTS,
)

pytestmark = pytest.mark.backend_neutral


def test_twins_differ_in_exactly_one_part():
    people, twins = draw_identities(400, np.random.default_rng(3))
    changed_parts = set()
    for person, twin in zip(people, twins):
        if twin is None:
            continue
        first, second = (dataclasses.asdict(p) for p in (person, people[twin]))
        changed = [name for name in first if first[name] != second[name]]
        assert len(changed) == 1 and changed[0] in CLOTHED_PARTS
        changed_parts.update(changed)
    assert changed_parts == set(CLOTHED_PARTS)


def test_one_in_four_is_a_twin_and_nobody_is_drawn_twice():
    people, twins = draw_identities(200, np.random.default_rng(4))
    assert sum(twin is not None for twin in twins) == 50
    assert len(set(people)) == 200


def test_every_colour_is_worn_by_many():
    people, _ = draw_people("small", 1)
    for part in ("upper_body", "legs"):
        colours = [getattr(person, part).colour for person in people]
        counts = np.unique(colours, return_counts=True)[1]
        assert len(counts) == 10 and counts.min() >= 8


def test_twins_stay_in_their_half_and_carry_their_number():
    people, twins = draw_people("mini", 5)
    assert len(people) == 16
    for number, twin in enumerate(twins, start=1):
        if twin is not None:
            assert twin == number - 1 and (twin <= 8) == (number <= 8)

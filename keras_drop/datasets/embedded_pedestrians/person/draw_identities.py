"""Draws people, and the twins who differ in one thing."""

import dataclasses

from keras_drop.datasets.embedded_pedestrians.drawing.palette import (
    GARMENT_COLOURS,
    HAIR_COLOURS,
    SHOE_COLOURS,
    SKIN_TONES,
)
from keras_drop.datasets.embedded_pedestrians.person.identity import (
    CLOTHED_PARTS,
    Feet,
    Head,
    Identity,
    Legs,
    UpperBody,
)

COATS = ("coat", "dress")


def draw_identity(rng):
    """An `Identity` drawn from `rng`."""
    upper_body = _draw_upper_body(rng)
    return Identity(
        head=_draw_head(rng),
        upper_body=upper_body,
        legs=_draw_legs(rng, covered=upper_body.kind in COATS),
        feet=Feet(_pick(rng, SHOE_COLOURS), _pick(rng, ("white", "dark"))),
        skin=int(rng.integers(len(SKIN_TONES))),
        width=int(rng.integers(104, 131)),
        height=int(rng.integers(96, 105)),
    )


def draw_twin(identity, rng):
    """The same person but for the clothes of one part, clearly different."""
    part = _pick(rng, CLOTHED_PARTS, (25, 35, 28, 12))
    current = getattr(identity, part)
    while True:
        if part == "head":
            other = _draw_head(rng)
            changed = _head_colour(other) != _head_colour(current)
        elif part == "upper_body" or part == "legs":
            colour = _pick(rng, GARMENT_COLOURS)
            other = dataclasses.replace(current, colour=colour)
            changed = colour not in (current.colour, current.second_colour)
        else:
            other = dataclasses.replace(
                current, colour=_pick(rng, SHOE_COLOURS)
            )
            changed = other.colour != current.colour
        if changed:
            return dataclasses.replace(identity, **{part: other})


def draw_identities(count, rng):
    """`count` people and, for each, the index of whom it is a twin or None.

    Every fourth person is a twin of the one before.

    Example:
    >>> from keras_drop.datasets.embedded_pedestrians.person import (
    ...     draw_identities as draw)
    >>> import numpy as np
    >>> people, twins = draw.draw_identities(8, np.random.default_rng(1))
    >>> twins
    [None, None, None, 2, None, None, None, 6]
    """
    people, twins, seen = [], [], set()
    while len(people) < count:
        is_twin = len(people) % 4 == 3
        person = draw_twin(people[-1], rng) if is_twin else draw_identity(rng)
        if person in seen:
            continue
        seen.add(person)
        twins.append(len(people) - 1 if is_twin else None)
        people.append(person)
    return people, twins


def _draw_head(rng):
    return Head(
        hair_colour=_pick(rng, HAIR_COLOURS),
        hair_length=_pick(rng, ("short", "long", "bun", "bald"), (5, 4, 2, 1)),
        hat=_pick(rng, ("none", "cap", "beanie"), (6, 2, 2)),
        hat_colour=_pick(rng, GARMENT_COLOURS),
        glasses=bool(rng.integers(4) == 0),
    )


def _head_colour(head):
    if head.hat != "none":
        return "hat", head.hat_colour
    return "hair", head.hair_colour if head.hair_length != "bald" else "bald"


def _draw_upper_body(rng):
    kinds = ("t-shirt", "shirt", "jacket", "hoodie", "coat", "dress")
    kind = _pick(rng, kinds, (5, 4, 4, 4, 3, 2))
    colour = _pick(rng, GARMENT_COLOURS)
    patterns = {
        "t-shirt": (4, 3, 1, 3),
        "shirt": (3, 2, 4, 0),
        "jacket": (6, 1, 1, 0),
        "hoodie": (5, 2, 0, 3),
        "coat": (6, 0, 3, 0),
        "dress": (4, 3, 3, 0),
    }[kind]
    return UpperBody(
        kind=kind,
        colour=colour,
        pattern=_pick(rng, ("plain", "striped", "checked", "print"), patterns),
        second_colour=_other(rng, GARMENT_COLOURS, colour),
        sleeves=(
            "short"
            if kind == "t-shirt" or (kind == "dress" and rng.integers(2))
            else "long"
        ),
        bag=_pick(rng, ("none", "backpack", "shoulder"), (6, 2, 2)),
        bag_colour=_pick(rng, GARMENT_COLOURS),
    )


def _draw_legs(rng, covered):
    kinds = ("trousers", "shorts", "skirt")
    colour = _pick(rng, GARMENT_COLOURS)
    return Legs(
        kind="trousers" if covered else _pick(rng, kinds, (6, 2, 2)),
        colour=colour,
        pattern=_pick(rng, ("plain", "striped", "checked"), (8, 1, 1)),
        second_colour=_other(rng, GARMENT_COLOURS, colour),
    )


def _other(rng, colours, colour):
    return _pick(rng, [name for name in colours if name != colour])


def _pick(rng, choices, weights=None):
    choices = tuple(choices)
    if weights is None:
        return choices[int(rng.integers(len(choices)))]
    ticket = int(rng.integers(sum(weights)))
    for choice, weight in zip(choices, weights, strict=True):
        ticket -= weight
        if ticket < 0:
            return choice
    raise AssertionError("unreachable")

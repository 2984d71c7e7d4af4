"""`Identity`: everything that stays the same about a person."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Head:
    """Hair, hat, glasses."""

    hair_colour: str
    hair_length: str
    hat: str
    hat_colour: str
    glasses: bool


@dataclasses.dataclass(frozen=True)
class UpperBody:
    """Upper garment and bag: what torso and arms show."""

    kind: str
    colour: str
    pattern: str
    second_colour: str
    sleeves: str
    bag: str
    bag_colour: str


@dataclasses.dataclass(frozen=True)
class Legs:
    """Lower garment."""

    kind: str
    colour: str
    pattern: str
    second_colour: str


@dataclasses.dataclass(frozen=True)
class Feet:
    """Shoes."""

    colour: str
    sole: str


@dataclasses.dataclass(frozen=True)
class Identity:
    """One person: four groups of clothing attributes, and a body.

    Args:
        head, upper_body, legs, feet: What is worn where. Twins differ in
            exactly one of the four.
        skin: Number of the skin tone.
        width: Width of the body in percent of the usual.
        height: Height of the body in percent of the usual.
    """

    head: Head
    upper_body: UpperBody
    legs: Legs
    feet: Feet
    skin: int
    width: int
    height: int


CLOTHED_PARTS = ("head", "upper_body", "legs", "feet")

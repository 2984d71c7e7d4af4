"""Part schemas: which body parts a model tells apart, as data."""

import dataclasses

from keras_drop.registration import register


@register
@dataclasses.dataclass(frozen=True)
class PartSchema:
    """Names of the body parts, and the source labels that make each of them.

    Part `k` of a model is number `k + 1` in a parsing label; 0 is the
    background. A part that lies on one side of the person is named
    `left_...` and has a counterpart `right_...`: a horizontal flip swaps them.

    Args:
        name: Name of the schema.
        part_names: Names of the parts, in the order of their numbers.
        groups: For every label format it can be made from (`"pifpaf36"`,
            `"densepose14"`), one list of source labels per part. Where two
            parts share a hard source label, the first one gets it.

    Raises:
        ValueError: A format without one group per part, or a `left_` part
            without its `right_` part.

    Example:
    >>> schema = PartSchema("halves", ("upper", "lower"), {"densepose14":
    ...     ((1, 2, 3, 10, 11, 12, 13, 14), (4, 5, 6, 7, 8, 9))})
    >>> schema.num_parts, schema.swapped_parts
    (2, (0, 1))
    """

    name: str
    part_names: tuple
    groups: dict

    def __post_init__(self):
        object.__setattr__(self, "part_names", tuple(self.part_names))
        groups = {
            label_format: tuple(tuple(group) for group in lists)
            for label_format, lists in self.groups.items()
        }
        object.__setattr__(self, "groups", groups)
        for label_format, lists in groups.items():
            if len(lists) != self.num_parts:
                raise ValueError(
                    f"Schema {self.name!r} has {self.num_parts} parts and "
                    f"{len(lists)} groups of {label_format!r} labels."
                )
        _ = self.swapped_parts

    @property
    def num_parts(self):
        """Number of body parts, without the background."""
        return len(self.part_names)

    @property
    def swapped_parts(self):
        """For every part, the index of the part it becomes when flipped."""
        swaps = {"left_": "right_", "right_": "left_"}
        indices = []
        for name in self.part_names:
            for side, other in swaps.items():
                if name.startswith(side):
                    name = other + name.removeprefix(side)
                    break
            if name not in self.part_names:
                raise ValueError(
                    f"Schema {self.name!r} names one side only: it needs "
                    f"a part {name!r}."
                )
            indices.append(self.part_names.index(name))
        return tuple(indices)

    def get_config(self):
        return dataclasses.asdict(self)

    @classmethod
    def from_config(cls, config):
        return cls(**config)


_HEAD = (0, 1, 2, 3, 4, 29, 30, 31, 32, 33, 34, 35)
_LEFT_ARM = (5, 7, 9, 25, 27)
_RIGHT_ARM = (6, 8, 10, 26, 28)
_ARMS = (5, 6, 7, 8, 9, 10, 25, 26, 27, 28)
_TORSO = (11, 12, 21, 22, 23, 24)

# Source labels of `pifpaf36` are its 36 channels, counted from 0; those of
# `densepose14` are the ids 1 to 14 of the annotators' parts.
PART_SCHEMAS = {
    schema.name: schema
    for schema in (
        PartSchema(
            "eight",
            (
                "head",
                "left_arm",
                "right_arm",
                "torso",
                "left_leg",
                "right_leg",
                "left_feet",
                "right_feet",
            ),
            {
                "pifpaf36": (
                    _HEAD,
                    _LEFT_ARM,
                    _RIGHT_ARM,
                    _TORSO,
                    (13, 17, 18, 21),
                    (14, 19, 20),
                    (15,),
                    (16,),
                ),
                "densepose14": (
                    (14,),
                    (3, 10, 12),
                    (2, 11, 13),
                    (1,),
                    (7, 9),
                    (6, 8),
                    (4,),
                    (5,),
                ),
            },
        ),
        PartSchema(
            "five_v",
            ("head", "upper_arms_torso", "lower_arms_torso", "legs", "feet"),
            {
                "pifpaf36": (
                    _HEAD,
                    (5, 6, 7, 8, 24, 25, 26),
                    (9, 10, 11, 12, 23, 27, 28),
                    (11, 12, 13, 14, 17, 18, 19, 20),
                    (15, 16),
                ),
                "densepose14": (
                    (14,),
                    (1, 10, 11),
                    (2, 3, 12, 13),
                    (6, 7, 8, 9),
                    (4, 5),
                ),
            },
        ),
        PartSchema(
            "five_v_symmetric",
            ("head", "upper_arms_torso", "lower_arms_torso", "legs", "feet"),
            {
                "pifpaf36": (
                    _HEAD,
                    (5, 6, 7, 8, 24, 25, 26),
                    (9, 10, 11, 12, 22, 23, 27, 28),
                    (11, 12, 13, 14, 17, 18, 19, 20),
                    (15, 16),
                ),
            },
        ),
        PartSchema(
            "five",
            ("head", "arms", "torso", "legs", "feet"),
            {
                "pifpaf36": (
                    _HEAD,
                    _ARMS,
                    _TORSO,
                    (11, 12, 13, 14, 17, 18, 19, 20, 21),
                    (15, 16),
                ),
                "densepose14": (
                    (14,),
                    (2, 3, 10, 11, 12, 13),
                    (1,),
                    (6, 7, 8, 9),
                    (4, 5),
                ),
            },
        ),
        PartSchema(
            "four",
            ("head", "arms", "torso", "legs"),
            {
                "pifpaf36": (
                    _HEAD,
                    _ARMS,
                    (5, 6, *_TORSO),
                    tuple(range(11, 22)),
                ),
                "densepose14": (
                    (14,),
                    (2, 3, 10, 11, 12, 13),
                    (1,),
                    (4, 5, 6, 7, 8, 9),
                ),
            },
        ),
        PartSchema(
            "four_v",
            ("head", "arms_torso", "legs", "feet"),
            {
                "pifpaf36": (
                    _HEAD,
                    (*range(5, 13), *range(21, 29)),
                    (11, 12, 13, 14, 17, 18, 19, 20),
                    (15, 16),
                ),
                "densepose14": (
                    (14,),
                    (1, 2, 3, 10, 11, 12, 13),
                    (6, 7, 8, 9),
                    (4, 5),
                ),
            },
        ),
        PartSchema(
            "three_v",
            ("head", "torso_arms", "legs"),
            {
                "pifpaf36": (
                    _HEAD,
                    (*range(5, 11), *range(22, 29)),
                    tuple(range(11, 22)),
                ),
                "densepose14": (
                    (14,),
                    (1, 2, 3, 10, 11, 12, 13),
                    (4, 5, 6, 7, 8, 9),
                ),
            },
        ),
        PartSchema(
            "six",
            (
                "head",
                "left_arm",
                "right_arm",
                "torso",
                "left_leg",
                "right_leg",
            ),
            {
                "pifpaf36": (
                    _HEAD,
                    _LEFT_ARM,
                    _RIGHT_ARM,
                    _TORSO,
                    (13, 15, 17, 18, 21),
                    (14, 16, 19, 20),
                ),
                "densepose14": (
                    (14,),
                    (3, 10, 12),
                    (2, 11, 13),
                    (1,),
                    (4, 7, 9),
                    (5, 6, 8),
                ),
            },
        ),
        PartSchema(
            "six_new",
            ("head", "torso", "left_arm", "right_arm", "legs", "feet"),
            {
                "pifpaf36": (
                    _HEAD,
                    _TORSO,
                    _LEFT_ARM,
                    _RIGHT_ARM,
                    (13, 14, *range(17, 22)),
                    (15, 16),
                ),
                "densepose14": (
                    (14,),
                    (1,),
                    (3, 10, 12),
                    (2, 11, 13),
                    (6, 7, 8, 9),
                    (4, 5),
                ),
            },
        ),
        PartSchema(
            "hpnet_four",
            ("head", "upper_body", "upper_legs", "lower_legs"),
            {
                "densepose14": (
                    (14,),
                    (1, 2, 3, 10, 11, 12, 13),
                    (6, 7),
                    (4, 5, 8, 9),
                ),
            },
        ),
    )
}


def part_schema(schema):
    """The `PartSchema` of a name; a `PartSchema` is returned as it is.

    Raises:
        ValueError: An unknown name; the message lists the known ones.

    Example:
    >>> part_schema("five").part_names
    ('head', 'arms', 'torso', 'legs', 'feet')
    """
    if isinstance(schema, PartSchema):
        return schema
    if schema not in PART_SCHEMAS:
        raise ValueError(
            f"Unknown part schema {schema!r}. Known: "
            f"{', '.join(PART_SCHEMAS)}; or pass a `PartSchema` of your own."
        )
    return PART_SCHEMAS[schema]

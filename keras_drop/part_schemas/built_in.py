"""The schemas that the library knows, and the labels that make them."""

import dataclasses

from keras_drop.checks import checked_choice
from keras_drop.densepose_parts import PART_NAMES
from keras_drop.part_schemas.part_schema import PartSchema

# The 24 surfaces of DensePose that lie on each of its annotators' 14 parts.
_SURFACES = {
    1: (1, 2),
    2: (3,),
    3: (4,),
    4: (5,),
    5: (6,),
    6: (7, 9),
    7: (8, 10),
    8: (11, 13),
    9: (12, 14),
    10: (15, 17),
    11: (16, 18),
    12: (19, 21),
    13: (20, 22),
    14: (23, 24),
}


def _densepose(*groups):
    """Groups of the 14 parts, and the same of the 24 surfaces."""
    surfaces = tuple(
        tuple(sorted(surface for part in group for surface in _SURFACES[part]))
        for group in groups
    )
    return {"densepose14": groups, "densepose24": surfaces}


def _joined(groups, *parts):
    """Groups of coarser parts, each of which is several of the finer ones."""
    return tuple(
        tuple(label for index in part for label in groups[index])
        for part in parts
    )


_HEAD = (0, 1, 2, 3, 4, 29, 30, 31, 32, 33, 34, 35)
_LEFT_ARM = (5, 7, 9, 25, 27)
_RIGHT_ARM = (6, 8, 10, 26, 28)
_ARMS = (5, 6, 7, 8, 9, 10, 25, 26, 27, 28)
_TORSO = (11, 12, 21, 22, 23, 24)

# Head, arms, torso, legs and feet. Sleeves are torso, as the upper clothes
# that they belong to; a bag is background.
_LIP_FIVE = (
    (1, 2, 4, 13),
    (3, 14, 15),
    (5, 6, 7, 10, 11),
    (9, 12, 16, 17),
    (8, 18, 19),
)
_ATR_FIVE = ((1, 2, 3, 11), (14, 15), (4, 7, 8, 17), (5, 6, 12, 13), (9, 10))
_ATR_UPPER_CLOTHES, _ATR_BAG = 4, 16

# Source labels of `pifpaf36` are its 36 channels, counted from 0; those of
# the other formats are the values in their files.
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
                **_densepose(
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
                **_densepose(
                    (14,), (1, 10, 11), (2, 3, 12, 13), (6, 7, 8, 9), (4, 5)
                ),
                "png7": ((1,), (2, 3), (4,), (5, 6), (7,)),
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
                **_densepose(
                    (14,), (2, 3, 10, 11, 12, 13), (1,), (6, 7, 8, 9), (4, 5)
                ),
                "png7": ((1,), (3, 4), (2,), (5, 6), (7,)),
                "lip": _LIP_FIVE,
                "atr": _ATR_FIVE,
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
                **_densepose(
                    (14,), (2, 3, 10, 11, 12, 13), (1,), (4, 5, 6, 7, 8, 9)
                ),
                "png7": ((1,), (3, 4), (2,), (5, 6, 7)),
                "pascal": ((1,), (3, 4), (2,), (5, 6)),
                "lip": _joined(_LIP_FIVE, (0,), (1,), (2,), (3, 4)),
                "atr": _joined(_ATR_FIVE, (0,), (1,), (2,), (3, 4)),
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
                **_densepose(
                    (14,), (1, 2, 3, 10, 11, 12, 13), (6, 7, 8, 9), (4, 5)
                ),
                "png7": ((1,), (2, 3, 4), (5, 6), (7,)),
                "lip": _joined(_LIP_FIVE, (0,), (1, 2), (3,), (4,)),
                "atr": _joined(_ATR_FIVE, (0,), (1, 2), (3,), (4,)),
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
                **_densepose(
                    (14,), (1, 2, 3, 10, 11, 12, 13), (4, 5, 6, 7, 8, 9)
                ),
                "png7": ((1,), (2, 3, 4), (5, 6, 7)),
                "png4": ((1,), (2,), (3, 4)),
                "pascal": ((1,), (2, 3, 4), (5, 6)),
                "lip": _joined(_LIP_FIVE, (0,), (1, 2), (3, 4)),
                "atr": _joined(_ATR_FIVE, (0,), (1, 2), (3, 4)),
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
                **_densepose(
                    (14,), (3, 10, 12), (2, 11, 13), (1,), (4, 7, 9), (5, 6, 8)
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
                **_densepose(
                    (14,), (1,), (3, 10, 12), (2, 11, 13), (6, 7, 8, 9), (4, 5)
                ),
            },
        ),
        PartSchema(
            "lip_five",
            ("head", "arms", "torso", "legs", "feet"),
            {"lip": _LIP_FIVE},
        ),
        PartSchema(
            "atr_five",
            ("head", "arms", "torso", "legs", "feet"),
            {"atr": _ATR_FIVE},
        ),
        PartSchema(
            "hpnet_four",
            ("head", "upper_body", "upper_legs", "lower_legs"),
            {
                **_densepose(
                    (14,), (1, 2, 3, 10, 11, 12, 13), (6, 7), (4, 5, 8, 9)
                ),
                "png7": ((1,), (2, 3, 4), (5,), (6, 7)),
                "png4": ((1,), (2,), (3,), (4,)),
                "pascal": ((1,), (2, 3, 4), (5,), (6,)),
                "lip": _joined(_LIP_FIVE, (0,), (1, 2), (3,), (3, 4)),
                "atr": _joined(_ATR_FIVE, (0,), (1, 2), (3,), (3, 4)),
            },
            halved={"lip": _LIP_FIVE[3], "atr": _ATR_FIVE[3]},
        ),
        PartSchema(
            "seven",
            (
                "head",
                "torso",
                "upper_arms",
                "lower_arms",
                "upper_legs",
                "lower_legs",
                "feet",
            ),
            {
                **_densepose(
                    (14,),
                    (1,),
                    (10, 11),
                    (2, 3, 12, 13),
                    (6, 7),
                    (8, 9),
                    (4, 5),
                ),
                "png7": ((1,), (2,), (3,), (4,), (5,), (6,), (7,)),
            },
        ),
        PartSchema(
            "fourteen",
            PART_NAMES,
            _densepose(*((part,) for part in range(1, 15))),
        ),
    )
}
"""The part schemas by name: `"eight"`, `"five"`, `"hpnet_four"` and so on."""


def part_schema(name, bag_is_torso=False):
    """The `PartSchema` of a name; a `PartSchema` is returned as it is.

    Args:
        name: Name of a schema, or a `PartSchema`.
        bag_is_torso: Whether the bags of `"atr"` labels belong to the part
            of the upper clothes; otherwise they are background.

    Raises:
        ValueError: An unknown name; the message lists the known ones. Or
            bags asked for in a schema that cannot be made from `"atr"`.

    Example:
    >>> from keras_drop import part_schema
    >>> part_schema("five").part_names
    ('head', 'arms', 'torso', 'legs', 'feet')
    >>> part_schema("atr_five", bag_is_torso=True).groups["atr"][2]
    (4, 7, 8, 17, 16)
    """
    schema = name
    if not isinstance(schema, PartSchema):
        schema = PART_SCHEMAS[checked_choice("part_schema", name, PART_SCHEMAS)]
    return _with_bag(schema) if bag_is_torso else schema


def _with_bag(schema):
    if "atr" not in schema.groups:
        raise ValueError(
            "`bag_is_torso` is for schemas that are made from 'atr' labels; "
            f"{schema.name!r} is made from {', '.join(schema.groups)}."
        )
    groups = [
        (*group, _ATR_BAG) if _ATR_UPPER_CLOTHES in group else group
        for group in schema.groups["atr"]
    ]
    return dataclasses.replace(schema, groups={**schema.groups, "atr": groups})

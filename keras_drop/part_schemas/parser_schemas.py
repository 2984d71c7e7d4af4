"""The schemas of parsers and their labels, and that of HPNet."""

from keras_drop.densepose_parts import PART_NAMES
from keras_drop.part_schemas.part_schema import PartSchema
from keras_drop.part_schemas.source_labels import (
    ATR_FIVE,
    LIP_FIVE,
    densepose,
    joined,
)

PARSER_SCHEMAS = (
    PartSchema(
        "lip_five",
        ("head", "arms", "torso", "legs", "feet"),
        {"lip": LIP_FIVE},
    ),
    PartSchema(
        "atr_five",
        ("head", "arms", "torso", "legs", "feet"),
        {"atr": ATR_FIVE},
    ),
    PartSchema(
        "hpnet_four",
        ("head", "upper_body", "upper_legs", "lower_legs"),
        {
            **densepose((14,), (1, 2, 3, 10, 11, 12, 13), (6, 7), (4, 5, 8, 9)),
            "png7": ((1,), (2, 3, 4), (5,), (6, 7)),
            "png4": ((1,), (2,), (3,), (4,)),
            "pascal": ((1,), (2, 3, 4), (5,), (6,)),
            "lip": joined(LIP_FIVE, (0,), (1, 2), (3,), (3, 4)),
            "atr": joined(ATR_FIVE, (0,), (1, 2), (3,), (3, 4)),
        },
        halved={"lip": LIP_FIVE[3], "atr": ATR_FIVE[3]},
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
            **densepose(
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
        densepose(*((part,) for part in range(1, 15))),
    ),
)

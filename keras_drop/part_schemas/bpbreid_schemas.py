"""The schemas that BPBReID groups its 36 confidence maps into."""

from keras_drop.part_schemas.part_schema import PartSchema
from keras_drop.part_schemas.source_labels import (
    ARMS,
    ATR_FIVE,
    HEAD,
    LEFT_ARM,
    LIP_FIVE,
    RIGHT_ARM,
    TORSO,
    densepose,
    joined,
)

BPBREID_SCHEMAS = (
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
                HEAD,
                LEFT_ARM,
                RIGHT_ARM,
                TORSO,
                (13, 17, 18, 21),
                (14, 19, 20),
                (15,),
                (16,),
            ),
            **densepose(
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
                HEAD,
                (5, 6, 7, 8, 24, 25, 26),
                (9, 10, 11, 12, 23, 27, 28),
                (11, 12, 13, 14, 17, 18, 19, 20),
                (15, 16),
            ),
            **densepose(
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
                HEAD,
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
                HEAD,
                ARMS,
                TORSO,
                (11, 12, 13, 14, 17, 18, 19, 20, 21),
                (15, 16),
            ),
            **densepose(
                (14,), (2, 3, 10, 11, 12, 13), (1,), (6, 7, 8, 9), (4, 5)
            ),
            "png7": ((1,), (3, 4), (2,), (5, 6), (7,)),
            "lip": LIP_FIVE,
            "atr": ATR_FIVE,
        },
    ),
    PartSchema(
        "four",
        ("head", "arms", "torso", "legs"),
        {
            "pifpaf36": (
                HEAD,
                ARMS,
                (5, 6, *TORSO),
                tuple(range(11, 22)),
            ),
            **densepose(
                (14,), (2, 3, 10, 11, 12, 13), (1,), (4, 5, 6, 7, 8, 9)
            ),
            "png7": ((1,), (3, 4), (2,), (5, 6, 7)),
            "pascal": ((1,), (3, 4), (2,), (5, 6)),
            "lip": joined(LIP_FIVE, (0,), (1,), (2,), (3, 4)),
            "atr": joined(ATR_FIVE, (0,), (1,), (2,), (3, 4)),
        },
    ),
    PartSchema(
        "four_v",
        ("head", "arms_torso", "legs", "feet"),
        {
            "pifpaf36": (
                HEAD,
                (*range(5, 13), *range(21, 29)),
                (11, 12, 13, 14, 17, 18, 19, 20),
                (15, 16),
            ),
            **densepose((14,), (1, 2, 3, 10, 11, 12, 13), (6, 7, 8, 9), (4, 5)),
            "png7": ((1,), (2, 3, 4), (5, 6), (7,)),
            "lip": joined(LIP_FIVE, (0,), (1, 2), (3,), (4,)),
            "atr": joined(ATR_FIVE, (0,), (1, 2), (3,), (4,)),
        },
    ),
    PartSchema(
        "three_v",
        ("head", "torso_arms", "legs"),
        {
            "pifpaf36": (
                HEAD,
                (*range(5, 11), *range(22, 29)),
                tuple(range(11, 22)),
            ),
            **densepose((14,), (1, 2, 3, 10, 11, 12, 13), (4, 5, 6, 7, 8, 9)),
            "png7": ((1,), (2, 3, 4), (5, 6, 7)),
            "png4": ((1,), (2,), (3, 4)),
            "pascal": ((1,), (2, 3, 4), (5, 6)),
            "lip": joined(LIP_FIVE, (0,), (1, 2), (3, 4)),
            "atr": joined(ATR_FIVE, (0,), (1, 2), (3, 4)),
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
                HEAD,
                LEFT_ARM,
                RIGHT_ARM,
                TORSO,
                (13, 15, 17, 18, 21),
                (14, 16, 19, 20),
            ),
            **densepose(
                (14,), (3, 10, 12), (2, 11, 13), (1,), (4, 7, 9), (5, 6, 8)
            ),
        },
    ),
    PartSchema(
        "six_new",
        ("head", "torso", "left_arm", "right_arm", "legs", "feet"),
        {
            "pifpaf36": (
                HEAD,
                TORSO,
                LEFT_ARM,
                RIGHT_ARM,
                (13, 14, *range(17, 22)),
                (15, 16),
            ),
            **densepose(
                (14,), (1,), (3, 10, 12), (2, 11, 13), (6, 7, 8, 9), (4, 5)
            ),
        },
    ),
)

"""Source labels that several schemas group in the same way."""

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


def densepose(*groups):
    """Groups of the 14 parts, and the same of the 24 surfaces."""
    surfaces = tuple(
        tuple(sorted(surface for part in group for surface in _SURFACES[part]))
        for group in groups
    )
    return {"densepose14": groups, "densepose24": surfaces}


def joined(groups, *parts):
    """Groups of coarser parts, each of which is several of the finer ones."""
    return tuple(
        tuple(label for index in part for label in groups[index])
        for part in parts
    )


# Of `pifpaf36`, the channels, counted from 0; of the other formats below, the
# values in their files.
HEAD = (0, 1, 2, 3, 4, 29, 30, 31, 32, 33, 34, 35)
LEFT_ARM = (5, 7, 9, 25, 27)
RIGHT_ARM = (6, 8, 10, 26, 28)
ARMS = (5, 6, 7, 8, 9, 10, 25, 26, 27, 28)
TORSO = (11, 12, 21, 22, 23, 24)

# Head, arms, torso, legs and feet. Sleeves are torso, as the upper clothes
# that they belong to; a bag is background.
LIP_FIVE = (
    (1, 2, 4, 13),
    (3, 14, 15),
    (5, 6, 7, 10, 11),
    (9, 12, 16, 17),
    (8, 18, 19),
)
ATR_FIVE = ((1, 2, 3, 11), (14, 15), (4, 7, 8, 17), (5, 6, 12, 13), (9, 10))
ATR_UPPER_CLOTHES, ATR_BAG = 4, 16

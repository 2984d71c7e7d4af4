"""The few colours that people, hair, skin and obstacles come in."""

import numpy as np

# Few garment colours on purpose: every single garment is worn by many people.
GARMENT_COLOURS = {
    "black": (43, 40, 39),
    "white": (230, 218, 211),
    "grey": (134, 127, 123),
    "navy": (40, 38, 100),
    "blue": (54, 126, 190),
    "red": (178, 36, 60),
    "green": (62, 124, 50),
    "mustard": (220, 158, 48),
    "brown": (116, 76, 46),
    "pink": (208, 106, 152),
}
SHOE_COLOURS = {
    name: GARMENT_COLOURS[name]
    for name in ("black", "white", "brown", "red", "blue", "mustard")
}
HAIR_COLOURS = {
    "black": (30, 26, 24),
    "brown": (84, 54, 32),
    "blond": (206, 168, 96),
    "ginger": (168, 84, 36),
    "grey": (158, 156, 154),
}
SKIN_TONES = ((236, 196, 168), (214, 166, 132), (176, 122, 84), (112, 74, 52))


def as_colour(values):
    """`(3,)` int32 array of an RGB triple."""
    return np.array(values, np.int32)


def mix(first, second, percent):
    """Integer mix of two colours, `percent` of the second one."""
    first, second = as_colour(first), as_colour(second)
    return (first * (100 - percent) + second * percent + 50) // 100

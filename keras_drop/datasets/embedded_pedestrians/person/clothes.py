"""`Wardrobe`: the materials of one identity."""

from keras_drop.datasets.embedded_pedestrians.drawing.painter import Material
from keras_drop.datasets.embedded_pedestrians.drawing.palette import (
    GARMENT_COLOURS,
    HAIR_COLOURS,
    SHOE_COLOURS,
    SKIN_TONES,
    mix,
)


class Wardrobe:
    """Materials of the clothes, hair and skin of an `Identity`."""

    def __init__(self, identity):
        upper, legs = identity.upper_body, identity.legs
        head, feet = identity.head, identity.feet
        colour = GARMENT_COLOURS[upper.colour]
        second = GARMENT_COLOURS[upper.second_colour]
        pattern = "plain" if upper.pattern == "print" else upper.pattern
        self.upper = Material(colour, pattern, second)
        self.inner = Material(second, folds=50)
        self.trim = Material(mix(colour, (255, 255, 255), 30), folds=30)
        self.seam = Material(mix(colour, (0, 0, 0), 45), folds=0)
        self.print = Material(second, folds=40)
        self.lower = Material(
            GARMENT_COLOURS[legs.colour],
            legs.pattern,
            GARMENT_COLOURS[legs.second_colour],
        )
        self.skin = Material(SKIN_TONES[identity.skin], folds=20)
        self.hair = Material(HAIR_COLOURS[head.hair_colour], folds=120)
        self.hat = Material(GARMENT_COLOURS[head.hat_colour], folds=60)
        self.brim = Material(
            mix(GARMENT_COLOURS[head.hat_colour], (0, 0, 0), 30), folds=0
        )
        self.bag = Material(GARMENT_COLOURS[upper.bag_colour], folds=60)
        self.strap = Material(
            mix(GARMENT_COLOURS[upper.bag_colour], (0, 0, 0), 35), folds=0
        )
        self.shoe = Material(SHOE_COLOURS[feet.colour], folds=40)
        self.sole = Material(
            (214, 214, 208) if feet.sole == "white" else (44, 40, 38), folds=0
        )
        self.dark = Material((26, 22, 22), folds=0)
        self.mouth = Material(mix(SKIN_TONES[identity.skin], (120, 20, 30), 50))
        thick = ("jacket", "hoodie", "coat")
        self.looseness = 1.2 if upper.kind in thick else 1.05

"""`Figure`: an identity in a pose, painted part by part from back to front."""

from keras_drop.datasets.embedded_pedestrians.drawing.outline import (
    band,
    limb,
    quadrilateral,
)
from keras_drop.datasets.embedded_pedestrians.person.bags import (
    paint_bag,
    paint_rucksack,
)
from keras_drop.datasets.embedded_pedestrians.person.clothes import Wardrobe
from keras_drop.datasets.embedded_pedestrians.person.head import paint_head
from keras_drop.datasets.embedded_pedestrians.person.torso import paint_torso
from keras_drop.densepose_parts import PART_IDS

FAR_ARM = -0.03


class Figure:
    """A person at a place of the picture.

    Args:
        identity: The `Identity`.
        pose: The `Pose`.
        x: Column of the middle of the person.
        ground: Row the person stands on.
        pixels_per_height: Pixels of a body height.
    """

    def __init__(self, identity, pose, x, ground, pixels_per_height):
        self.identity = identity
        self.pose = pose
        self.x = x
        self.ground = ground
        self.scale = pixels_per_height
        self.wardrobe = Wardrobe(identity)

    def place(self, x, y):
        """Pixel of a projected point."""
        return self.x + x * self.scale, self.ground - y * self.scale

    def joint(self, name):
        """Pixel of a joint."""
        x, y, _ = self.pose.joints[name]
        return self.place(x, y)

    def depth(self, name):
        """How near a joint is to the camera, in body heights."""
        return self.pose.joints[name][2]

    def level(self, up, side, front, lean=0.0):
        """Left and right end of a horizontal slice, in pixels."""
        _, y, _ = self.pose.project(0.0, up - self.pose.bob, 0.0)
        half = self.pose.half_width(side, front)
        return self.place(lean - half, y), self.place(lean + half, y)

    def paint(self, painter):
        """Paints the whole person with a `Painter`."""
        arms = sorted(
            ("left", "right"), key=lambda side: self.depth(f"{side}_elbow")
        )
        far = [s for s in arms if self.depth(f"{s}_elbow") < FAR_ARM]
        if self.pose.cos > 0:
            paint_rucksack(self, painter)
            paint_head(self, painter, behind=True)
        for side in far:
            self._arm(painter, side)
        for side in sorted(
            ("left", "right"), key=lambda side: self.depth(f"{side}_hip")
        ):
            self._leg(painter, side)
        self._skirt(painter)
        paint_torso(self, painter)
        if self.pose.cos <= 0:
            paint_rucksack(self, painter)
        paint_head(self, painter, behind=False)
        paint_bag(self, painter)
        for side in arms:
            if side not in far:
                self._arm(painter, side)

    def _limb(self, painter, material, part, start, end, radii, until=1.0):
        (ax, ay), (bx, by) = start, end
        end = ax + (bx - ax) * until, ay + (by - ay) * until
        first, last = (
            radius * self.scale * (0.5 + 0.5 * self.pose.width)
            for radius in radii
        )
        last = first + (last - first) * until
        painter.shape(
            limb(start, end, first, last, round_end=until == 1.0),
            material,
            PART_IDS[part],
            (start, end, max(first, last)),
        )

    def _arm(self, painter, side):
        shoulder, elbow, wrist, fingers = (
            self.joint(f"{side}_{name}")
            for name in ("shoulder", "elbow", "wrist", "fingers")
        )
        worn, skin = self.wardrobe.upper, self.wardrobe.skin
        upper, lower = f"{side}_upper_arm", f"{side}_lower_arm"
        short = self.identity.upper_body.sleeves == "short"
        loose = self.wardrobe.looseness
        self._limb(
            painter, skin, f"{side}_hand", wrist, fingers, (0.019, 0.017)
        )
        if short:
            self._limb(painter, skin, upper, shoulder, elbow, (0.033, 0.027))
            self._limb(painter, skin, lower, elbow, wrist, (0.027, 0.020))
            self._limb(
                painter, worn, upper, shoulder, elbow, (0.040, 0.040), 0.72
            )
            return
        radii = 0.034 * loose, 0.031 * loose
        self._limb(painter, worn, lower, elbow, wrist, (radii[1], 0.026))
        self._limb(painter, worn, upper, shoulder, elbow, radii)

    def _leg(self, painter, side):
        hip, knee, ankle, toes = (
            self.joint(f"{side}_{name}")
            for name in ("hip", "knee", "ankle", "toes")
        )
        worn, skin = self.wardrobe.lower, self.wardrobe.skin
        upper, lower = f"{side}_upper_leg", f"{side}_lower_leg"
        foot = PART_IDS[f"{side}_foot"]
        heel = ankle[0] * 1.12 - toes[0] * 0.12, ankle[1]
        sole = self.scale * 0.026
        painter.shape(
            limb(heel, toes, self.scale * 0.030, self.scale * 0.022),
            self.wardrobe.shoe,
            foot,
            (heel, toes, self.scale * 0.04),
        )
        painter.shape(
            band(heel, toes, sole, self.scale * 0.010),
            self.wardrobe.sole,
            foot,
        )
        if self.identity.legs.kind == "trousers":
            self._limb(painter, worn, lower, knee, ankle, (0.043, 0.036), 0.97)
            self._limb(painter, worn, upper, hip, knee, (0.062, 0.045))
            return
        self._limb(painter, skin, lower, knee, ankle, (0.038, 0.026))
        self._limb(painter, skin, upper, hip, knee, (0.056, 0.039))
        if self.identity.legs.kind == "shorts":
            self._limb(painter, worn, upper, hip, knee, (0.064, 0.060), 0.85)

    def _skirt(self, painter):
        """Skirts, and the tails of coats and dresses, over the upper legs."""
        kind, material = self.identity.upper_body.kind, self.wardrobe.upper
        if kind == "coat":
            hem, flare = 0.345, 1.02
        elif kind == "dress":
            hem, flare = 0.315, 1.22
        elif self.identity.legs.kind == "skirt":
            hem, flare, material = 0.325, 1.18, self.wardrobe.lower
        else:
            return
        sway = 0.25 * (
            self.pose.joints["left_knee"][0] + self.pose.joints["right_knee"][0]
        )
        top = self.level(0.56, 0.098, 0.082)
        low = self.level(hem, 0.102 * flare, 0.108 * flare, lean=sway)
        middle = (
            self.place(self.pose.middle(0.075), 0)[0],
            self.place(self.pose.middle(0.09) + sway, 0)[0],
        )
        # A person's left is to the right of the picture when seen in front.
        sides = ("right", "left") if self.pose.cos >= 0 else ("left", "right")
        axis = (
            self.place(0, 0.6),
            self.place(sway, hem),
            abs(low[1][0] - low[0][0]) / 2,
        )
        edges = (
            (top[0], (middle[0], top[0][1]), (middle[1], low[0][1]), low[0]),
            ((middle[0], top[1][1]), top[1], low[1], (middle[1], low[1][1])),
        )
        for side, corners in zip(sides, edges, strict=True):
            painter.shape(
                quadrilateral(corners),
                material,
                PART_IDS[f"{side}_upper_leg"],
                axis,
            )

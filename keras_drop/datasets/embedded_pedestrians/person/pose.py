"""`Pose`: a walking skeleton, turned by the view and projected."""

import math

# Heights above the ground, in body heights.
CHIN, NECK, SHOULDER, HIP = 0.868, 0.845, 0.812, 0.52
SIDES = {"left": 1, "right": -1}


class Pose:
    """Joints of a walking person in the picture plane.

    Lengths are in body heights. `x` runs to the right of the picture, `y` up
    from the ground, `depth` towards the camera.

    Args:
        view: Angle the person is turned by, in degrees: 0 faces the camera,
            90 the right edge of the picture, 180 away.
        phase: Place in the walking cycle, in degrees.
        stride: Largest angle of the hips, in degrees; 0 stands still.
        elevation: Angle the camera looks down by, in degrees.
        width: Width of the body as a factor.
        bend: Bend of the elbows, in degrees.
    """

    def __init__(self, view, phase, stride, elevation, width, bend):
        self.sin = math.sin(math.radians(view))
        self.cos = math.cos(math.radians(view))
        self._sin_down = math.sin(math.radians(elevation))
        self._cos_down = math.cos(math.radians(elevation))
        self.width = width
        swing = math.sin(math.radians(phase))
        lift = math.cos(math.radians(phase))
        self.bob = 0.012 * abs(lift) * stride / 30
        self.joints = {}
        for side, sign in SIDES.items():
            self._leg(side, sign, stride * swing * sign, lift * sign, stride)
            self._arm(side, sign, -0.85 * stride * swing * sign, bend)

    def project(self, lateral, up, forward):
        """`(x, y, depth)` of a point given as left, up and forward."""
        x = lateral * self.cos + forward * self.sin
        depth = -lateral * self.sin + forward * self.cos
        return x, up * self._cos_down - depth * self._sin_down, depth

    def half_width(self, side, front):
        """Half the visible width of an elliptic cross-section."""
        return self.width * math.hypot(side * self.cos, front * self.sin)

    def middle(self, front):
        """`x` of the middle of the visible chest or back."""
        forward = front if self.cos >= 0 else -front
        return self.width * forward * self.sin

    def _leg(self, side, sign, angle, lift, stride):
        lateral = 0.05 * self.width * sign
        hip = (lateral, HIP - self.bob, 0.0)
        bend = 4 + 1.5 * stride * max(0.0, lift) * 0.9
        knee = _move(hip, 0.235, angle + bend * 0.35)
        ankle = _move(knee, 0.235, angle - bend * 0.75)
        toes = _move(ankle, 0.105, 84 + min(0.0, angle - bend) * 0.55)
        names = ("hip", "knee", "ankle", "toes")
        for name, point in zip(names, (hip, knee, ankle, toes), strict=True):
            self.joints[f"{side}_{name}"] = self.project(*point)

    def _arm(self, side, sign, angle, bend):
        lateral = 0.106 * self.width * sign
        shoulder = (lateral, SHOULDER - 0.026 - self.bob, 0.0)
        elbow = _move(shoulder, 0.165, angle, 0.035 * sign)
        wrist = _move(elbow, 0.14, angle + bend, 0.004 * sign)
        fingers = _move(wrist, 0.075, angle + bend + 6)
        names = ("shoulder", "elbow", "wrist", "fingers")
        points = (shoulder, elbow, wrist, fingers)
        for name, point in zip(names, points, strict=True):
            self.joints[f"{side}_{name}"] = self.project(*point)


def _move(point, length, angle, outwards=0.0):
    """Down by `length`, swung forward by `angle` degrees."""
    lateral, up, forward = point
    angle = math.radians(angle)
    return (
        lateral + outwards,
        up - length * math.cos(angle),
        forward + length * math.sin(angle),
    )

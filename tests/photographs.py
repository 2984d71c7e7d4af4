"""A folder of photographs, cropped from those that scikit-image carries."""

import pytest
from PIL import Image

CAMERAS = ("door", "hall")


def make_photographs(folder):
    """Six "people", each seen by two cameras, shifted, bright and dark."""
    data = pytest.importorskip("skimage.data")
    names = "astronaut", "camera", "chelsea", "coffee", "rocket", "brick"
    for name in names:
        photograph = Image.fromarray(getattr(data, name)()).convert("RGB")
        (folder / name).mkdir(parents=True)
        for number in range(4):
            x, y = 40 + 12 * number, 20 + 8 * number
            crop = photograph.crop((x, y, x + 120, y + 240)).resize((64, 128))
            camera = CAMERAS[number % 2]
            crop = crop.point(
                lambda value, dark=number % 2: value * (4 - dark) // 4
            )
            crop.save(folder / name / f"{camera}_{number}.jpg")

import numpy as np
import pytest
from PIL import Image

from keras_drop.visualization import save_occlusion_sheet

pytestmark = pytest.mark.backend_neutral
COLOUR = (230, 85, 80)


def make(rows=2, columns=3, size=(32, 16)):
    images = np.full((rows, columns, *size, 3), 200.0)
    hidden = np.zeros((rows, columns, *size), bool)
    parts = np.zeros((rows, columns, *size), "uint8")
    return images, hidden, parts


def pixels(path):
    return np.asarray(Image.open(path)).astype(int)


def test_shows_images_hidden_pixels_and_parts(tmp_path):
    images, hidden, parts = make()
    images[0, 0] = (10, 250, 10)
    hidden[1, 2, :16] = True
    parts[1, 1] = 1
    sheet = pixels(
        save_occlusion_sheet(
            tmp_path / "sheets" / "a.png",
            images,
            hidden,
            ["as it is", "roa\n0.5", "roa\n1"],
            parts=parts,
            part_names=["head"],
        )
    )
    assert ((sheet == (10, 250, 10)).all(-1)).sum() == 160 * 80
    assert ((sheet == (60, 60, 66)).all(-1)).sum() == 160 * 80 // 2
    grey = 200
    mixed = [int(0.35 * grey + 0.65 * channel) for channel in COLOUR]
    assert ((sheet == mixed).all(-1)).sum() == 160 * 80


def test_values_out_of_range_are_clipped(tmp_path):
    images, hidden, _ = make(1, 1)
    images[0, 0, :16], images[0, 0, 16:] = -300, 900
    path = save_occlusion_sheet(tmp_path / "a.png", images, hidden, ["noise"])
    sheet = pixels(path)
    assert (sheet == 0).all(-1).sum() == 80 * 80


def test_mistakes_are_named(tmp_path):
    images, hidden, parts = make()
    titles = ["a", "b", "c"]
    path = tmp_path / "a.png"
    with pytest.raises(ValueError, match="without the 3"):
        save_occlusion_sheet(path, images[0], hidden, titles)
    with pytest.raises(ValueError, match="divided by 255"):
        save_occlusion_sheet(path, images / 255, hidden, titles)
    with pytest.raises(ValueError, match="3 columns need as many titles"):
        save_occlusion_sheet(path, images, hidden, titles[:2])
    with pytest.raises(ValueError, match="numbers up to 1, one per name"):
        save_occlusion_sheet(
            path, images, hidden, titles, parts=parts + 2, part_names=["head"]
        )
    with pytest.raises(ValueError, match="PNG"):
        save_occlusion_sheet(tmp_path / "a.jpg", images, hidden, titles)

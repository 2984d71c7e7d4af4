import numpy as np
import pytest
from PIL import Image

from keras_drop.visualization import save_curves
from keras_drop.visualization.drawing import part_colours

pytestmark = pytest.mark.backend_neutral

CURVES = {
    "DROP": {"none": (1.0, 0.9, 1.0), "heavy": (0.5, 0.25, 0.75)},
    "global": {"none": (0.5, 0.4, 0.6), "heavy": (0.0, 0.0, 0.1)},
}


def heights(image, colour, columns):
    """Rows of the picture, below the legend, that have the colour."""
    pixels = np.asarray(image)[64:, columns]
    return 64 + np.flatnonzero((pixels == colour).all(axis=-1).any(axis=1))


def test_intervals_are_where_they_belong(tmp_path):
    path = save_curves(tmp_path / "a" / "b.png", CURVES, "rank-1")
    image = Image.open(path)
    first, second = part_colours(2)
    # The plot is 280 high, from 64; the second condition is at 240.
    rows = heights(image, first, slice(225, 245))
    assert abs(rows.max() - (64 + 280 * 0.75)) <= 2
    assert abs(rows.min() - (64 + 280 * 0.25)) <= 2
    rows = heights(image, second, slice(243, 255))
    assert abs(rows.max() - (64 + 280)) <= 5
    assert not len(heights(image, second, slice(0, 110)))


def test_many_names_lie_above_the_curves(tmp_path):
    row = {"none": (1.0, 0.9, 1.0), "heavy": (0.5, 0.25, 0.75)}
    curves = {f"a method with a long name {k}": row for k in range(4)}
    image = Image.open(save_curves(tmp_path / "a.png", curves))
    # The squares of four lines, the last of which ends at 34 + 4 * 22.
    squares = np.asarray(image)[:, 60:72]
    for colour in part_colours(4):
        rows = np.flatnonzero((squares == colour).all(axis=-1).any(axis=1))
        assert rows.max() < 34 + 4 * 22
    first = part_colours(4)[0]
    drawn = heights(image, first, slice(80, 140))
    assert drawn[drawn > 34 + 22].min() >= 34 + 4 * 22


@pytest.mark.parametrize(
    ("curves", "message"),
    [
        ({}, "no curve"),
        ({"a": {}}, "no curve"),
        ({**CURVES, "x": {"none": (1, 1, 1)}}, r"of x is over \['none'\]"),
        ({"a": {"none": (50.0, 40.0, 60.0)}}, "those of a at none"),
    ],
)
def test_refuses(tmp_path, curves, message):
    with pytest.raises(ValueError, match=message):
        save_curves(tmp_path / "a.png", curves)
    with pytest.raises(ValueError, match="PNG"):
        save_curves(tmp_path / "a.jpg", CURVES)

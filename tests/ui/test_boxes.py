import numpy as np
import pytest

from keras_drop.ui.boxes import add_corner, framed, read_box

pytestmark = pytest.mark.backend_neutral


def test_typed_boxes():
    assert read_box(" ") is None and read_box(None) is None
    assert read_box("(1, 2.5; 30 40)") == (1, 2.5, 30, 40)
    for words in ("1 2 3", "1 2 3 x", "1 2 3 4 5", "1 2 3 nan", "1 2 inf 4"):
        with pytest.raises(ValueError, match="four numbers"):
            read_box(words)


def test_two_clicks_in_any_order():
    corner = add_corner("", [30, 9])
    assert add_corner(corner, [10, 50]) == "10, 9, 30, 50"
    # The third is the first of another box.
    assert add_corner("10, 9, 30, 50", [7.4, 8]) == "7, 8"


def test_the_frame_lies_at_the_edges():
    photo = np.zeros((40, 60, 3), "uint8")
    shown = framed(photo, (10.2, 5, 30, 25))
    drawn = shown.any(axis=-1)
    assert drawn[5, 10:30].all() and drawn[24, 10:30].all()
    assert drawn[5:25, 10].all() and drawn[5:25, 29].all()
    assert not drawn[8:22, 13:27].any() and not drawn[:, 31:].any()
    assert not photo.any(), "the photo is left as it is"
    framed(photo, (-5, -5, 500, 500))

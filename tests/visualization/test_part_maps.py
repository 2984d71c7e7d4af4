import numpy as np
import pytest
from PIL import Image

from keras_drop.visualization import save_part_maps
from keras_drop.visualization.drawing import RIGHT, WRONG, part_colours

pytestmark = pytest.mark.backend_neutral

NAMES = ("head", "legs")


def example(num_images=1):
    """Upper half head, lower half legs, on a grey image."""
    images = np.full((num_images, 64, 32, 3), 100.0, "float32")
    part_maps = np.zeros((num_images, 8, 4, 3), "float32")
    part_maps[:, :4, :, 1] = part_maps[:, 4:, :, 2] = 1.0
    return images, part_maps, np.ones((num_images, 2), bool)


def test_overlay_has_the_colour_of_the_part(tmp_path):
    images, part_maps, visibility = example()
    part_maps[0, :, 2:] = [1, 0, 0]
    path = save_part_maps(
        tmp_path / "new" / "p.png", images, part_maps, visibility, NAMES
    )
    picture = np.asarray(Image.open(path)).astype(float)
    grey = 0.8 * 100 + 40
    upper, lower = (0.3 * grey + 0.7 * np.array(c) for c in part_colours(2))
    top = np.flatnonzero((picture[:, 40] == 100).all(axis=1))[0]
    left = 24 + 128 + 8
    np.testing.assert_array_equal(picture[top + 10, 24 + 20], [100] * 3)
    np.testing.assert_allclose(picture[top + 10, left + 5], upper, atol=1)
    np.testing.assert_allclose(picture[top + 245, left + 5], lower, atol=1)
    np.testing.assert_allclose(picture[top + 10, left + 120], grey, atol=1)


def test_bars_are_as_long_as_the_visibility(tmp_path):
    images, part_maps, _ = example()

    def pixels(visibility):
        path = save_part_maps(
            tmp_path / "p.png", images, part_maps, [visibility], NAMES
        )
        counts = Image.open(path).getcolors(10**6)
        colours = {colour: count for count, colour in counts}
        return [colours.get(colour, 0) for colour in part_colours(2)]

    hidden, half, seen = (pixels((v, 0.5)) for v in (0.0, 0.5, 1.0))
    assert hidden[1] == half[1] == seen[1]
    assert seen[0] - hidden[0] == pytest.approx(
        2 * (half[0] - hidden[0]), rel=0.1
    )
    # The foreground in front is not drawn.
    assert pixels((1.0, 0.0, 0.5)) == hidden


def test_the_truth_stands_beside(tmp_path):
    images, part_maps, _ = example()
    truth = np.zeros((1, 4, 4), int)
    truth[0, :2, :2] = 1

    def pixels(visibility):
        path = save_part_maps(
            tmp_path / "p.png",
            images,
            part_maps,
            [visibility],
            NAMES,
            truth=truth,
        )
        return np.asarray(Image.open(path)).astype(float)

    picture = pixels((1.0, 0.0))
    head, legs = (0.3 * 120 + 0.7 * np.array(c) for c in part_colours(2))
    top = np.flatnonzero((picture[:, 40] == 100).all(axis=1))[0]
    found, label = 24 + 128 + 8, 24 + 2 * (128 + 8)
    np.testing.assert_allclose(picture[top + 10, found + 5], head, atol=1)
    np.testing.assert_allclose(picture[top + 245, found + 5], legs, atol=1)
    # A quarter of the label is head, with a sharp edge.
    np.testing.assert_allclose(picture[top + 126, label + 62], head, atol=1)
    for row, column in ((126, 66), (130, 62), (245, 5)):
        place = picture[top + row, label + column]
        np.testing.assert_allclose(place, [120] * 3, atol=1)

    def has(colour, picture):
        return (picture == colour).all(axis=-1).any()

    assert has(RIGHT, picture) and not has(WRONG, picture)
    assert has(WRONG, pixels((1.0, 1.0))) and has(WRONG, pixels((0.0, 0.0)))
    wrong = pixels((0.2, 0.7))
    assert has(WRONG, wrong) and not has(RIGHT, wrong)


@pytest.mark.parametrize(
    "truth, message",
    [
        (np.zeros((2, 4, 4), int), r"\(2, 4, 4\)"),
        (np.zeros((1, 4), int), r"\(1, 4\)"),
        (np.full((1, 4, 4), 3), "from 0 up to 3"),
        (np.full((1, 4, 4), -1), "from -1 up to 0"),
        (np.ones((1, 4, 4)), "whole numbers of parts; it is float64"),
        (np.ones((1, 4, 4), bool), "whole numbers of parts; it is bool"),
    ],
)
def test_a_truth_that_does_not_fit(tmp_path, truth, message):
    with pytest.raises(ValueError, match=message):
        save_part_maps(tmp_path / "p.png", *example(), NAMES, truth=truth)


def test_many_images_fill_lines(tmp_path):
    sizes = []
    for count, columns in ((4, 4), (4, 2), (3, 2)):
        path = save_part_maps(
            tmp_path / "p.png", *example(count), NAMES, num_columns=columns
        )
        sizes.append(Image.open(path).size)
    assert sizes[0][0] > sizes[1][0] == sizes[2][0]
    assert sizes[0][1] < sizes[1][1] == sizes[2][1]


def test_many_parts_have_colours_of_their_own():
    assert len(set(part_colours(36))) == 36


@pytest.mark.parametrize(
    "place, value, message",
    [
        (0, np.full((1, 64, 32, 3), 0.4), "divided by 255"),
        (1, np.full((1, 8, 4, 3), np.nan), "not finite"),
        (0, np.ones((1, 64, 32)), r"n, height, width, 3.*\(1, 64, 32\)"),
        (1, np.ones((1, 8, 4, 2)), r"\(1, h, w, 3\).*\(1, 8, 4, 2\)"),
        (2, np.ones((1, 4)), r"\(1, 2\).*\(1, 3\).*\(1, 4\)"),
        (3, ("head",), "1 images with 1 parts"),
    ],
)
def test_bad_input(tmp_path, place, value, message):
    arguments = [*example(), NAMES]
    arguments[place] = value
    with pytest.raises(ValueError, match=message):
        save_part_maps(tmp_path / "p.png", *arguments)


def test_other_bad_input(tmp_path):
    with pytest.raises(ValueError, match="`num_columns` is at least 1"):
        save_part_maps(tmp_path / "p.png", *example(), NAMES, num_columns=0)
    with pytest.raises(ValueError, match="PNG files"):
        save_part_maps(tmp_path / "p.jpg", *example(), NAMES)

import numpy as np
import pytest
from PIL import Image

from keras_drop.descriptors import Descriptors
from keras_drop.records import Records
from keras_drop.visualization import save_ranked_lists
from keras_drop.visualization.drawing import (
    INK,
    RIGHT,
    WRONG,
    embedding_colours,
    part_colours,
)

pytestmark = pytest.mark.backend_neutral


@pytest.fixture
def sides(tmp_path):
    """Three queries and four gallery images, each of one colour."""

    def records(name, identities):
        paths = [
            str(tmp_path / f"{name}{k}.png") for k in range(len(identities))
        ]
        for k, path in enumerate(paths):
            Image.new("RGB", (20, 40), (30 * k, 90, 160)).save(path)
        return Records(paths, identities, np.arange(len(identities)))

    return records("query", [1, 2, 3]), records("gallery", [1, 2, 3, 4])


def frames(picture, y):
    """Colours of the frames in a line of the picture, from the left."""
    pixels = np.asarray(picture)[y]
    colours = [tuple(map(int, pixel)) for pixel in pixels]
    kept = [c for c in colours if c in (RIGHT, WRONG, INK)]
    return [c for k, c in enumerate(kept) if k % 8 == 0]


def test_frames_say_right_and_wrong(sides, tmp_path):
    rows = [[0, 3, 1], [0, 1, -1], [2, 2, 2]]
    path = save_ranked_lists(tmp_path / "new" / "ranked.png", *sides, rows)
    picture = Image.open(path)
    heights = [150 + line * (192 + 58 + 22) for line in range(3)]
    assert [frames(picture, y) for y in heights] == [
        [INK, RIGHT, WRONG, WRONG],
        [INK, WRONG, RIGHT],
        [INK, RIGHT, RIGHT, RIGHT],
    ]


def test_shows_the_images_themselves(sides, tmp_path):
    path = save_ranked_lists(tmp_path / "a.png", *sides, [[2], [2], [2]])
    colours = {c for _, c in Image.open(path).getcolors(10**6)}
    assert {(0, 90, 160), (30, 90, 160), (60, 90, 160)} <= colours
    path = save_ranked_lists(
        tmp_path / "a.png", *sides, [[2]] * 3, num_queries=1
    )
    colours = {c for _, c in Image.open(path).getcolors(10**6)}
    assert (0, 90, 160) in colours and (30, 90, 160) not in colours


def test_visible_parts_are_full_squares(sides, tmp_path):
    names = ("foreground", "head", "legs")
    _, head, legs = embedding_colours(names)
    assert [head, legs] == part_colours(2)

    def count(visibility):
        descriptors = [
            Descriptors(np.ones((n, 3, 2)), [visibility] * n, names)
            for n in (3, 4)
        ]
        path = save_ranked_lists(
            tmp_path / "parts.png",
            *sides,
            [[0]] * 3,
            query=descriptors[0],
            gallery=descriptors[1],
            distances=[[0.5]] * 3,
        )
        colours = dict((c, n) for n, c in Image.open(path).getcolors(10**6))
        return [colours.get(colour, 0) for colour in (head, legs)]

    all_seen, half, hidden = (
        count(v) for v in ([1.0, 1, 1], [1.0, 0.5, 1], [True, False, True])
    )
    assert all_seen[1] == half[1] == hidden[1]
    assert all_seen[0] > half[0] > hidden[0] > 0


@pytest.mark.parametrize(
    "change, message",
    [
        ({"rows": [[0]]}, r"3 queries.*\(1, 1\)"),
        ({"rows": [[0], [4], [0]]}, "0 to 4; the gallery has 4 images"),
        ({"distances": [[1.0, 2.0]] * 3}, r"\(3, 2\), `rows` \(3, 1\)"),
        ({"query": Descriptors(np.ones((3, 2)))}, "or neither"),
        (
            {
                "query": Descriptors(np.ones((2, 2))),
                "gallery": Descriptors(np.ones((4, 2))),
            },
            "2 and 4 descriptors",
        ),
        ({"path": "ranked.jpg"}, "PNG files"),
        ({"num_queries": 0}, "`num_queries` is at least 1, a whole"),
    ],
)
def test_bad_input(sides, tmp_path, change, message):
    arguments = {"path": "a.png", "rows": [[0]] * 3, **change}
    path = tmp_path / arguments.pop("path")
    with pytest.raises(ValueError, match=message):
        save_ranked_lists(path, *sides, **arguments)


def test_missing_and_broken_images(sides, tmp_path):
    (tmp_path / "gallery2.png").write_text("no image")
    with pytest.raises(ValueError, match="gallery 2 is no image"):
        save_ranked_lists(tmp_path / "a.png", *sides, [[2]] * 3)
    (tmp_path / "gallery2.png").unlink()
    with pytest.raises(FileNotFoundError, match="gallery 2 does not exist"):
        save_ranked_lists(tmp_path / "a.png", *sides, [[2]] * 3)

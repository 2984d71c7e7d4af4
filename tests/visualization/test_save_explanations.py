import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from keras_drop.descriptors import Descriptors
from keras_drop.evaluation import compare_parts
from keras_drop.files.thumbnail import thumbnail_of
from keras_drop.visualization import ExplainedQuery, save_explanations
from keras_drop.visualization.html_page import verdict_badge

pytestmark = pytest.mark.backend_neutral

NAMES = ("foreground", "head", "feet")


def grey(value):
    return np.full((40, 20, 3), value, "uint8")


def explained(**changes):
    """Feet hidden in the query, the head in the second image, all in the last.

    With feet, the first of three would be last of those that compare.
    """
    embeddings = np.array(
        [
            [[1, 0], [1, 0], [1, 0]],
            [[1, 0], [1, 0], [-1, 0]],
            [[0.8, 0.6], [0, 1], [1, 0]],
            [[0, 1], [0, 1], [0, 1]],
        ]
    )
    visibility = [[1, 1, 0], [1, 1, 1], [1, 0, 0.5], [0, 0, 1]]
    people = Descriptors(embeddings, visibility, NAMES)
    maps = np.zeros((4, 5, 4, 3), "float32")
    maps[:, 0, :, 1] = 1
    maps[:, 4, :, 2] = 1
    given = {
        "photos": [grey(100)],
        "pictures": [grey(110), thumbnail_of(grey(120)), None],
        "comparison": compare_parts(people[:1], people, [[1, 2, 3]]),
        "part_maps": [*maps[:3], None],
        "captions": [{"identity": "<anna>", "time": None}, {}, {"n": 7}],
        "verdicts": [("same", 0.998), ("different", 0.2), ("x & y", np.nan)],
        **changes,
    }
    return ExplainedQuery(**given)


def page_of(tmp_path, *queries):
    return save_explanations(tmp_path / "new" / "why.html", queries).read_text()


def test_the_page_says_which_parts_counted_and_why_not(tmp_path):
    page = page_of(tmp_path, explained())
    first, second, third = re.findall(r"<li>.*?</li>", page)
    assert "Shows foreground and head. Hidden or not asked for: feet." in page
    assert "<b>&lt;anna&gt;</b>" in first and "time" not in first
    assert '<span class="v same">same &gt; 99%</span>' in first
    assert '<span class="v different">different: same 20%</span>' in second
    assert '<span class="v ">x &amp; y</span>' in third
    told = [
        re.findall(r"</i></div><td>([^<]*)", part)
        for part in re.findall(r"<table.*?</table>", page)
    ]
    assert told == [
        ["0.00", "0.00", "hidden in query"],
        ["0.63", "hidden here", "hidden in query"],
        ["hidden here", "hidden here", "hidden in query"],
    ]
    # Without the obstacle's help: mean of 0, 0 and 2 against 0.63, 1.41 and 0.
    assert "Compared by 2 of 3." in first and "would be 0.667" in first
    assert "the place the same" in first
    assert "Compared by 1 of 3." in second and "would be 0.682" in second
    assert "no part in common" in third and "distance" not in third
    only = page_of(tmp_path, explained(parts=("foreground", "head")))
    assert only.count("</i></div><td>not asked for") == 3
    assert "no part in common that was asked for" in only


def test_no_probability_is_rounded_to_certain():
    shown = [
        verdict_badge("different", share).split(">")[1]
        for share in (0.0, 0.002, 0.02)
    ]
    assert shown == [
        "different: same 0%</span",
        "different: same &lt; 1%</span",
        "different: same 2%</span",
    ]


def test_an_empty_place_is_no_match(tmp_path):
    # With its feet the first would be the second.
    embeddings = np.array(
        [[[1, 0]] * 3, [[1, 0.6]] * 3, [[1, 0.5], [1, 0.5], [-1, 0]]]
    )
    people = Descriptors(embeddings, [[1, 1, 0], [1, 1, 1], [1, 1, 1]], NAMES)
    found = compare_parts(people[:1], people, [[2, 1, -1]])
    page = page_of(tmp_path, ExplainedQuery([], [None] * 3, found))
    assert page.count("<li>") == 2 and "nan" not in page
    assert "the place 2 of these 2" in page
    assert "no part in common" not in page


def test_weights_are_told_where_they_differ(tmp_path):
    people = Descriptors(
        np.ones((2, 2, 3)), [[1.0, 1.0], [1.0, 0.25]], ("head", "feet")
    )
    page = page_of(
        tmp_path,
        ExplainedQuery([], [grey(1)], compare_parts(people[:1], people, [[1]])),
    )
    assert "67%" in page and "33%" in page and "All 2 were compared." in page


def test_pictures_lie_in_the_file_with_the_parts_in_colour(tmp_path):
    page = page_of(tmp_path, explained())
    files = re.findall(r"base64,([^\"]*)", page)
    images = [
        np.asarray(Image.open(io.BytesIO(base64.b64decode(file))))
        for file in files
    ]
    # Query, first and second, each beside its parts; the last is not kept.
    assert len(images) == 6 and page.count('class="none"') == 0
    assert page.count("no image is kept") == 1
    assert [int(image[20, 10, 0]) for image in images[::2]] == [100, 110, 120]
    top, bottom = images[1][1, 10].astype(int), images[1][38, 10].astype(int)
    assert top[0] - top[2] > 60, "the head is red"
    assert bottom[2] - bottom[0] > 60, "feet are blue"
    plain = page_of(tmp_path, explained(part_maps=None))
    assert plain.count("base64,") == 3


def test_nothing_is_fetched_and_nothing_runs(tmp_path):
    page = page_of(tmp_path, explained(), explained(row=0))
    assert "http" not in page and "<script" not in page
    assert page.count("<section>") == 2


def test_what_does_not_fit_is_refused(tmp_path):
    for changes, why in (
        ({"pictures": [None]}, "need 3 `pictures`; got 1"),
        ({"part_maps": [None] * 3}, "need 4 `part_maps`; got 3"),
    ):
        with pytest.raises(ValueError, match=why):
            explained(**changes)
    with pytest.raises(ValueError, match=r"rename .*why\.png"):
        save_explanations(tmp_path / "why.png", [explained()])
    with pytest.raises(ValueError, match="no query"):
        save_explanations(tmp_path / "why.html", [])

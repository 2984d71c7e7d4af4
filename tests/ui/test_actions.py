import json
import re
import types

import numpy as np
import pytest

from keras_drop import Gallery
from keras_drop.gallery.browse import Browser
from keras_drop.ui.actions import Actions
from keras_drop.ui.removal import Removal
from keras_drop.ui.search_tab import options_of
from keras_drop.ui.told import told
from tests.gallery.people import draw_people, make_gallery
from tests.gallery.test_explain import GREEN, HIDDEN, RED, Halves, person

pytestmark = pytest.mark.backend_neutral


@pytest.fixture
def gallery(tmp_path):
    gallery = Gallery.create(tmp_path / "g", Halves())
    gallery.add(
        [person(RED, GREEN), person(RED, HIDDEN), person(GREEN, RED)],
        ["anna <b>", "ben", 7],
        cameras=[1, 2, 3],
    )
    return gallery


def buttons(page):
    """Pairs of what each button does, and with what."""
    found = re.findall(r'data-do="([^"]*)" data-value="([^"]*)"', page)
    return [
        (
            do,
            json.loads(
                value.replace("&quot;", '"')
                .replace("&lt;", "<")
                .replace("&gt;", ">")
            ),
        )
        for do, value in found
    ]


def test_a_photo_and_a_box_in_it(gallery):
    actions = Actions(gallery)
    street = np.zeros((60, 100, 3), "uint8")
    street[10:50, 30:50] = person(GREEN, RED)
    page = actions.search_photo(street, "30, 10, 50, 50", k=2)
    assert page.index("<b>7</b>") < page.index("<b>1</b>") or "anna" in page
    cards = re.findall(r"<li>.*?</li>", page)
    assert len(cards) == 2 and "identity <b>7</b>" in cards[0]
    assert "0.000" in cards[0] and page.count("base64,") == 6
    assert buttons(cards[0]) == [
        ("search", 3),
        ("remove id", 3),
        ("remove identity", 7),
    ]
    for photo, box, why in (
        (None, "", "Choose a photo"),
        (street, "1, 2, 3", "four numbers"),
        (street, "200, 0, 300, 9", "nothing of the image"),
    ):
        with pytest.raises(ValueError, match=why):
            actions.search_photo(photo, box)


def test_a_hit_is_searched_for_without_itself(gallery):
    page = Actions(gallery).search_image(1, k=2)
    assert "Query: image 1 anna &lt;b&gt;" in page
    cards = re.findall(r"<li>.*?</li>", page)
    assert len(cards) == 2 and "anna" not in "".join(cards)
    assert "identity <b>ben</b>" in cards[0]


def test_others_of_a_hit_s_person_are_found_once(gallery):
    gallery.add([person(RED, RED)], "anna <b>")
    page = Actions(gallery).search_image(1, k=9, per_identity=True)
    cards = re.findall(r"<li>.*?</li>", page)
    assert len(cards) == 3 and "anna &lt;b&gt;" in "".join(cards)


def test_names_are_shown_as_they_are():
    gradio = types.SimpleNamespace(
        Error=ValueError, update=lambda **given: given
    )

    def fail():
        raise ValueError("no <img src=//elsewhere>")

    with pytest.raises(ValueError, match="no &lt;img"):
        told(gradio, fail)
    removal = Removal.__new__(Removal)
    removal._gradio = gradio
    _, question, pending = removal.asked("remove identity", "<i>![](//x)")
    assert "<b>&lt;i&gt;![](//x)</b>" in question
    assert pending == ("identity", "<i>![](//x)")


def test_a_person_of_many_images_is_told_to_be(gallery, monkeypatch):
    monkeypatch.setattr(Browser.images, "__defaults__", (2,))
    for camera in (4, 5):
        gallery.add([person(RED, GREEN)], "anna <b>", camera)
    page = Actions(gallery).images("anna <b>")
    assert "anna &lt;b&gt;: 3 images, the first 2" in page
    assert "ben: 1 image<" in Actions(gallery).images("ben")


def test_removed_though_the_file_stays_large(gallery, monkeypatch):
    def refuse():
        raise OSError("no room")

    monkeypatch.setattr(gallery, "compact", refuse)
    said = Actions(gallery).remove("identity", "ben")
    assert "1 image removed" in said and "no room" in said
    assert len(gallery) == 2
    with pytest.raises(ValueError, match="no longer there"):
        Actions(gallery).search_image(99)


def test_cameras_are_numbers_or_names():
    given = options_of(5, [], False, "3, door, -1, 2²,")
    assert given["exclude_cameras"] == [3, "3", "door", -1, "-1", "2²"]


def test_who_is_there(tmp_path, gallery):
    actions = Actions(gallery)
    page = actions.people("")
    assert buttons(page) == [("open", 7), ("open", "anna <b>"), ("open", "ben")]
    assert page.count("1 image<") == 3 and page.count("base64,") == 3
    assert buttons(actions.people("N")) == buttons(page)[1:]
    gallery.add([person(GREEN, GREEN)], "Ärger Straße")
    for text in ("ä", "STRASSE"):
        assert buttons(actions.people(text)) == [("open", "Ärger Straße")]
    gallery.remove(identity="Ärger Straße")
    assert "Nobody by that name" in actions.people("zoe")
    images = actions.images("anna <b>")
    assert "camera 1" in images and images.count("base64,") == 1
    assert ("remove identity", "anna <b>") in buttons(images)
    many = make_gallery(tmp_path, draw_people(1, 5))
    many.add(
        draw_people(2, 100), [f"p{k:03}" for k in range(100)], frame=range(100)
    )
    actions = Actions(many)
    assert buttons(actions.people(""))[-1] == ("turn", 60)
    rest = buttons(actions.people("", 60))
    assert len(rest) == 45 + 1 and rest[-1] == ("turn", 0)


def test_removal(gallery):
    looking = Actions(gallery, read_only=True)
    with pytest.raises(ValueError, match="looking only"):
        looking.remove("identity", "ben")
    for page in (looking.search_image(1), looking.images("ben")):
        assert "remove" not in page
    actions = Actions(gallery)
    assert (
        actions.remove("identity", "7") == "0 images removed for good; 3 left."
    )
    assert actions.remove("identity", 7) == "1 image removed for good; 2 left."
    assert actions.remove("id", 1) == "1 image removed for good; 1 left."
    assert actions.images("anna <b>") == ""


def test_an_empty_gallery(tmp_path):
    gallery = Gallery.create(tmp_path / "g", Halves())
    page = Actions(gallery).search_photo(person(RED, RED), "")
    assert "Nothing was found" in page

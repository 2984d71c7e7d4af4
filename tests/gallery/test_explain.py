"""A gallery explains its hits, by a model that sees parts and by none."""

import re

import numpy as np
import pytest

from keras_drop import Descriptors, Gallery
from keras_drop.__main__ import main
from tests.gallery.people import draw_people, make_gallery

pytestmark = pytest.mark.backend_neutral


class Halves:
    """A model that sees an upper and a lower half, by their mean colours."""

    embedding_names = ("upper", "lower")

    def inference_model(self):
        import keras

        return keras.Sequential([keras.Input((1,)), keras.layers.Rescaling(1)])

    def embed(self, images):
        halves = np.array(
            [
                [half.mean(axis=(0, 1)) for half in np.array_split(i, 2)]
                for i in images
            ]
        )
        return Descriptors(halves + 1e-3, halves.any(-1), ("upper", "lower"))

    def map_parts(self, images):
        maps = np.zeros((len(images), 2, 1, 3), "float32")
        maps[:, 0, :, 1] = maps[:, 1, :, 2] = 1
        return maps


def person(upper, lower):
    image = np.zeros((40, 20, 3), "uint8")
    image[:20], image[20:] = upper, lower
    return image


RED, GREEN, HIDDEN = (200, 0, 0), (0, 200, 0), (0, 0, 0)


def test_hits_of_photos(tmp_path):
    gallery = Gallery.create(tmp_path / "g", Halves())
    gallery.add(
        [person(RED, GREEN), person(RED, HIDDEN)],
        ["anna", "ben"],
        shop="north",
    )
    hits = gallery.search(person(RED, RED), parts="lower")
    assert hits.part_names == ("lower",)
    page = gallery.explain(hits, tmp_path / "why.html").read_text()
    assert page.count("base64,") == 6, "three images, and their parts"
    first, second = re.findall(r"<li>.*?</li>", page)
    assert "<b>anna</b>" in first and "shop <b>north</b>" in first
    assert "not asked for" in first and "hidden in" not in first
    assert "<b>ben</b>" in second and "hidden here" in second
    gallery.remove(identity="anna")
    page = gallery.explain(hits, tmp_path / "why.html").read_text()
    assert "anna" not in page and "ben" in page
    gallery.remove(identity="ben")
    with pytest.raises(ValueError, match="no hit to explain"):
        gallery.explain(hits, tmp_path / "why.html")


def test_distances_are_those_of_the_hits(tmp_path):
    people = draw_people(1, 30)
    gallery = make_gallery(tmp_path, people)
    hits = gallery.search(people[:1], k=30)
    page = gallery.explain(hits, tmp_path / "why.html").read_text()
    told = re.findall(r"distance ([\d.]+)</small>", page)
    assert told == [f"{h.distance:.3f}" for h in hits if h.distance < 1e4]
    assert "<img" not in page


def test_command(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    people = draw_people(0, 12)
    make_gallery(tmp_path, people)
    people[:1].save("who.npz")
    assert main(["explain", "shop.gallery", "who.npz", "--k=3"]) == 0
    assert "explanation.html" in capsys.readouterr().out
    assert (tmp_path / "explanation.html").read_text().count("<li>") == 3
    for words, why in (
        (["explain", "model.keras", "a.jpg"], "compared with"),
        (["explain", "model.keras", "a", "b"], "There is no model"),
        (["explain", "m.keras", "a", "b", "--model=c"], "and this is a model"),
    ):
        assert main(words) == 2
        assert why in capsys.readouterr().err

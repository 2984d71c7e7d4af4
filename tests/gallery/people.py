"""Descriptors and records to search in."""

import numpy as np

from keras_drop import Descriptors, Gallery

NAMES = ("head", "torso", "legs")


def draw_people(seed, count, dim=8, share=0.5):
    """`Descriptors`, some of which are equal and some of which show nothing."""
    rng = np.random.default_rng(seed)
    embeddings = rng.normal(size=(count, len(NAMES), dim))
    visibility = rng.random((count, len(NAMES))) < share
    again = rng.integers(count, size=count // 4)
    copies = rng.integers(count, size=count // 4)
    embeddings[copies], visibility[copies] = (
        embeddings[again],
        visibility[again],
    )
    return Descriptors(embeddings, visibility, NAMES)


def make_gallery(folder, people, **options):
    """A gallery that holds each of the people, equal ones too."""
    gallery = Gallery.create(folder / "shop.gallery", **options)
    gallery.add(
        people,
        identities=[f"person {k % 5}" for k in range(len(people))],
        cameras=[k % 3 for k in range(len(people))],
        times=[10.0 * k for k in range(len(people))],
        frame=range(len(people)),
    )
    return gallery

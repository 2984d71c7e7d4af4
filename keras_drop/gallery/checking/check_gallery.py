"""Reads all of a gallery, and compares its engine with a full comparison."""

import numpy as np

from keras_drop.descriptors import Descriptors
from keras_drop.gallery.checking.gallery_check import GalleryCheck
from keras_drop.gallery.engines.scan import Scan
from keras_drop.gallery.storing.described import checksum_of, described_of


def check_gallery(store, engine, distance, queries, k):
    """`GalleryCheck` of a gallery, as of `Gallery.check`."""
    about = store.about()
    errors = store.errors()
    if errors:
        return GalleryCheck(file_errors=tuple(errors))
    numbers = store.numbers()
    if about["embedding_size"] is None:
        return GalleryCheck(len(numbers))
    vectors = store.vector_numbers()
    damaged = damaged_rows(store, about)
    without = np.setdiff1d(numbers, vectors).tolist()
    whole = not (damaged or without)
    # By what is broken nothing can be compared.
    copy_errors = engine.copy_errors(about, distance) if whole else ()
    people = _people(queries, store, about) if whole else None
    recall = in_order = np.nan
    if people is not None and len(people):
        recall, in_order = _recall(store, engine, about, distance, people, k)
    return GalleryCheck(
        images=len(numbers),
        damaged=tuple(damaged),
        without_vectors=tuple(without),
        without_images=tuple(np.setdiff1d(vectors, numbers).tolist()),
        copy_errors=tuple(copy_errors),
        queries=len(people) if people is not None else 0,
        k=k,
        recall=recall,
        in_order=in_order,
    )


def damaged_rows(store, about):
    """Numbers of the images whose bytes are not those that were written."""
    shape = len(about["part_names"]), about["embedding_size"]
    size = int(np.prod(shape)) * np.dtype(about["precision"]).itemsize
    return [
        number
        for number, visibility, embedding, checksum in store.checked()
        if len(visibility) != 4 * shape[0]
        or len(embedding) != size
        or checksum_of(visibility, embedding) != checksum
    ]


def _people(queries, store, about):
    if isinstance(queries, Descriptors):
        return queries
    numbers = store.numbers()
    drawn = np.random.default_rng(0).choice(
        numbers, min(queries, len(numbers)), replace=False
    )
    return described_of(store.described(drawn), about).descriptors(slice(None))


def _recall(store, engine, about, distance, people, k):
    """Mean share of the nearest that are found, and share of equal answers."""
    right = Scan(store.path.parent, store, on_disk=False).nearest(
        people, k, about, distance
    )
    # One by one, as they are asked for: many at once may be read in full.
    found = [
        engine.nearest(people[[row]], k, about, distance)[0]
        for row in range(len(people))
    ]
    shares = [
        len(set(mine) & set(true)) / max(len(true), 1)
        for mine, true in zip(found, right)
    ]
    same = [list(mine) == list(true) for mine, true in zip(found, right)]
    return float(np.mean(shares)), float(np.mean(same))

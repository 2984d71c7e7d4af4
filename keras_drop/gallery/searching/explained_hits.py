"""What hits have to do with their query, for a page."""

import numpy as np

from keras_drop.evaluation.ranking.compare_parts import compare_parts
from keras_drop.files.image_file import decode_image, rgb_pixels
from keras_drop.gallery.searching.found import stored_descriptors
from keras_drop.visualization.explained_query import ExplainedQuery


def explained_hits(hits, store, model, distance):
    """`ExplainedQuery` of a search.

    Args:
        hits: `Hits`.
        store: `Store` of the gallery.
        model: Its `ModelOf`.
        distance: `Distance` of the search.

    Raises:
        ValueError: Nothing was found, or nothing of it is there any more.
    """
    there = {row["id"]: row for row in store.rows(hits.ids)}
    kept = [hit for hit in hits if hit.id in there]
    if not kept or hits.query is None:
        raise ValueError("There is no hit to explain: search again.")
    found = stored_descriptors(
        [there[hit.id] for hit in kept],
        hits.query.names,
        store.about()["precision"],
    )
    rows = np.arange(len(kept))[None]
    images = [*hits.photos, *map(_pixels, kept)]
    return ExplainedQuery(
        hits.photos,
        images[len(hits.photos) :],
        compare_parts(hits.query, found, rows, distance),
        part_maps=_part_maps(images, model),
        captions=[
            {
                "identity": hit.identity,
                "camera": hit.camera,
                "time": hit.time,
                **hit.columns,
                "number": hit.id,
            }
            for hit in kept
        ],
        verdicts=[(hit.verdict, hit.probability) for hit in kept],
        parts=hits.part_names,
    )


def _pixels(hit):
    if hit.thumbnail is None:
        return None
    return decode_image(hit.thumbnail, rgb_pixels, f"Thumbnail {hit.id}")


def _part_maps(images, model):
    """A map for each image that there is, `None` without any."""
    kept = [image for image in images if image is not None]
    maps = model.map_parts(kept)
    if maps is None:
        return None
    maps = iter(maps)
    return [None if image is None else next(maps) for image in images]

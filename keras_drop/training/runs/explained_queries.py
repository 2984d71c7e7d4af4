import numpy as np

from keras_drop.evaluation import compare_parts
from keras_drop.files.image_file import decode_image, rgb_pixels
from keras_drop.visualization import ExplainedQuery


def explained_queries(
    model, queries, gallery, rows, distance, *, num_queries=8, num_found=5
):
    """`ExplainedQuery` of some queries of an evaluation, right and wrong.

    Args:
        model: A model that embeds, for its maps of the parts.
        queries: Pair of `Records` and `Descriptors` of the queries.
        gallery: Likewise of the gallery.
        rows: `(num_query, k)` rows of the gallery, nearest first, as
            `evaluation.nearest` returns; `-1` is an empty place.
        distance: `Distance` of the evaluation.
        num_queries: How many at most, evenly spread as those of
            `save_ranked_lists`.
        num_found: How many images of each, the nearest.

    Returns:
        List of `ExplainedQuery`.

    Raises:
        FileNotFoundError: An image is missing.
    """
    count = min(num_queries, len(rows))
    chosen = np.linspace(0, len(rows) - 1, count).round().astype(int)
    rows = np.asarray(rows)[chosen][:, :num_found]
    compared = compare_parts(queries[1][chosen], gallery[1], rows, distance)
    return [
        _explained(model, queries[0], gallery[0], query, rows[k], compared, k)
        for k, query in enumerate(chosen)
    ]


def _explained(model, queries, gallery, query, rows, compared, number):
    paths = [queries.paths[query], *gallery.paths[rows[rows >= 0]]]
    images = [decode_image(str(path), rgb_pixels) for path in paths]
    maps = model.map_parts(images)
    empty = [None] * int((rows < 0).sum())
    same = gallery.identities[rows] == queries.identities[query]
    return ExplainedQuery(
        images[:1],
        [*images[1:], *empty],
        compared,
        row=number,
        part_maps=None if maps is None else [*maps, *empty],
        captions=[
            {
                "identity": gallery.identities[row],
                "camera": gallery.cameras[row],
            }
            if row >= 0
            else {}
            for row in rows
        ],
        verdicts=[
            (("right" if right else "wrong") if row >= 0 else "", np.nan)
            for row, right in zip(rows, same)
        ],
    )

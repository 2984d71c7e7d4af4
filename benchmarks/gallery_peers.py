"""What a gallery is measured against: faiss, and a comparison with everybody.

Of faiss the plain use: the embedding of the foreground alone, in a flat index.
"""

import time

import faiss
import numpy as np

from benchmarks.synthetic_gallery import DIM
from keras_drop.evaluation import Distance, nearest
from keras_drop.evaluation.distances.part_factors import inverse_lengths
from keras_drop.gallery.engines.coarse_distances import coarse_distances
from keras_drop.gallery.storing.described import Described

_AT_A_TIME = 8_192
_CODES = 32  # Bytes a part of a product quantiser.


def seconds_each(ask, groups):
    """Median and 95th percentile of the seconds of `ask(group)`."""
    seconds = []
    for group in groups:
        start = time.perf_counter()
        ask(group)
        seconds.append(time.perf_counter() - start)
    return float(np.median(seconds)), float(np.percentile(seconds, 95))


def recall(found, right):
    """Mean share of the rows of `right` that are in those of `found`."""
    pairs = zip(found, right)
    return float(np.mean([len({*f} & {*r}) / len(r) for f, r in pairs]))


def product_seconds(embeddings):
    """One query's product with every value that the gallery has."""
    query = np.ones(embeddings.shape[1] * DIM, "float32")

    def product(_):
        for start in range(0, len(embeddings), _AT_A_TIME):
            some = embeddings[start : start + _AT_A_TIME]
            some.reshape(len(some), -1) @ query

    return seconds_each(product, range(5))[0]


def evaluation_ranks(embeddings, seen, names):
    """Function from queries to the 50 nearest rows, by all of evaluation."""
    from keras_drop import Descriptors

    gallery = Descriptors(embeddings, seen, names)
    return lambda people: nearest(people, gallery, k=50)[0]


def faiss_foreground(embeddings):
    """Function from queries to the 50 nearest rows by their foreground."""
    index = faiss.IndexFlatIP(DIM)
    for start in range(0, len(embeddings), _AT_A_TIME):
        index.add(_unit(embeddings[start : start + _AT_A_TIME, 0]))
    return lambda people: index.search(_unit(people.embeddings[:, 0]), 50)[1]


def quantised(embeddings, seen, names, people):
    """Bytes an image, and the nearest 200 by product-quantised embeddings."""
    count, parts = embeddings.shape[:2]
    lost = np.empty(embeddings.shape, "float16")
    for part in range(parts):
        pq = faiss.ProductQuantizer(DIM, _CODES, 8)
        pq.cp.niter = 8
        sample = _unit(embeddings[: min(count, 10_000), part])
        pq.train(sample)
        for start in range(0, count, _AT_A_TIME):
            some = _unit(embeddings[start : start + _AT_A_TIME, part])
            lost[start : start + len(some), part] = pq.decode(
                pq.compute_codes(some)
            )
    rows = np.arange(count)
    scales = inverse_lengths(lost, rows)
    gallery = Described(rows, seen.astype("float32"), scales, lost, names)
    coarse = coarse_distances(people, gallery, rows, Distance())
    return parts * _CODES, np.argsort(coarse, axis=1, kind="stable")[:, :200]


def _unit(vectors):
    vectors = np.ascontiguousarray(vectors, "float32")
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)

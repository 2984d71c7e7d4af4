"""Features like those of a model, drawn at the size of a data set."""

import numpy as np
from absl import flags

from benchmarks.measuring import measured
from keras_drop.descriptors import Descriptors
from keras_drop.evaluation.distances.matrix_product import (
    matrix_product,
    to_backend,
)
from keras_drop.records import Records

# Queries, gallery images, identities.
SIZES = {
    "occluded_duke": (2_210, 17_661, 1_110),
    "market1501": (3_368, 15_913, 751),
    "msmt17": (11_659, 82_161, 3_060),
    "market1501_500k": (3_368, 515_913, 501_000),
}

flags.DEFINE_integer("dim", 512, "Values of one embedding.")
flags.DEFINE_list(
    "separations",
    ["0.6", "0.42", "0.05"],
    "Distances of the identities, in noise: easy, medium, near random.",
)
flags.DEFINE_integer("repeats", 3, "The best of so many runs is reported.")


def draw_retrieval(size, num_parts, separation, visibility="binary"):
    """Query, gallery and their records; of the first people there are queries.

    Args:
        size: Key of `SIZES`.
        num_parts: Number of embeddings, the first one always visible.
        separation: Deviation of the people's means over that of the noise.
        visibility: `"binary"` or `"continuous"`.
    """
    dim = flags.FLAGS.dim
    num_queries, num_gallery, num_people = SIZES[size]
    rng = np.random.default_rng(1)
    asked = min(num_people, num_queries // 3)
    sides = []
    for count, people in ((num_queries, asked), (num_gallery, num_people)):
        identities = rng.permutation(np.arange(count) % people)
        embeddings = rng.standard_normal((count, num_parts, dim), "float32")
        for start in range(0, count, 10_000):
            some = slice(start, start + 10_000)
            for row, person in enumerate(identities[some], start):
                centre = np.random.default_rng([2, person]).standard_normal(
                    (num_parts, dim), "float32"
                )
                embeddings[row] += np.float32(separation) * centre
        seen = rng.random((count, num_parts), "float32")
        seen = seen < 0.7 if visibility == "binary" else seen
        seen[:, 0] = 1
        sides.append(
            (
                Descriptors(embeddings, seen),
                Records([""] * count, identities, rng.integers(0, 8, count)),
            )
        )
    (query, query_records), (gallery, gallery_records) = sides
    return query, gallery, query_records, gallery_records


def costs(runs, product):
    """What runs took, as `benchmarks/results` calls it.

    Args:
        runs: What `measured` gave, for each run.
        product: Seconds of the bare product.
    """
    seconds = min(run[0] for run in runs)
    return {
        "seconds": seconds,
        "product": product,
        "ratio": seconds / product,
        "MB above features": max(run[1] for run in runs),
    }


def product_seconds(num_rows, num_columns, num_parts=1):
    """Seconds of the fastest float32 product there is: the limit."""
    dim = flags.FLAGS.dim
    rng = np.random.default_rng(3)
    x = rng.standard_normal((min(num_rows, 8192), dim), "float32")
    y = rng.standard_normal((dim, 8192), "float32")
    tensors = to_backend(x), to_backend(y)
    seconds = min(
        measured(product)[0]
        for product in (
            lambda: np.matmul(x, y),
            lambda: matrix_product(*tensors),
        )
        for _ in range(2 + flags.FLAGS.repeats)
    )
    return num_parts * seconds * num_rows * num_columns / (len(x) * 8192)

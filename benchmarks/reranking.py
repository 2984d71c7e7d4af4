"""Seconds, ratio to the bare matrix product and memory of the re-ranking.

Run: `python -m benchmarks.reranking`, and for the size of MSMT17
`python -m benchmarks.reranking --queries 11659 --gallery 82161 --identities
3060`. Synthetic features at the size of Occluded-Duke; the features
themselves are not counted in the memory. What is timed is the answer to
"who are the 50 nearest", all N x N distances included. The product is that of
all N x N images, by NumPy or the backend, whichever is faster.
"""

from functools import partial

import numpy as np
from absl import app, flags

from benchmarks.measuring import measured
from keras_drop.descriptors import Descriptors
from keras_drop.evaluation import nearest
from keras_drop.evaluation.matrix_product import matrix_product, to_backend
from keras_drop.records import Records

FLAGS = flags.FLAGS
flags.DEFINE_integer("queries", 2_210, "Number of queries.")
flags.DEFINE_integer("gallery", 17_661, "Number of gallery images.")
flags.DEFINE_integer("identities", 519, "Number of identities.")
flags.DEFINE_integer("dim", 512, "Values of one embedding.")
flags.DEFINE_list("parts", ["1"], "Numbers of embeddings to time.")
flags.DEFINE_list(
    "separation", ["0", "0.4", "0.6"], "Distances of the identities, in noise."
)
flags.DEFINE_list("presets", ["zhong2017"], "Presets to time.")
flags.DEFINE_integer("repeats", 3, "The best of so many runs is reported.")


def main(_):
    print(
        "preset     parts  separation  rank-1  seconds  product  ratio  "
        "MB above features"
    )
    for num_parts in map(int, FLAGS.parts):
        product = _product_seconds(num_parts)
        for separation in map(float, FLAGS.separation):
            sides = _synthetic(num_parts, separation)
            for preset in FLAGS.presets:
                answer = partial(nearest, *sides, k=50, rerank=preset)
                runs = [measured(answer) for _ in range(FLAGS.repeats)]
                seconds = min(run[0] for run in runs)
                first = runs[0][2][0][:, 0]
                same = sides[3].identities[first] == sides[2].identities
                print(
                    f"{preset:9}  {num_parts:5}  {separation:10}  "
                    f"{same.mean():6.4f}  {seconds:7.2f}  {product:7.2f}  "
                    f"{seconds / product:5.2f}  "
                    f"{max(run[1] for run in runs):.0f}",
                    flush=True,
                )


def _synthetic(num_parts, separation):
    rng = np.random.default_rng(1)
    shape = FLAGS.identities, num_parts, FLAGS.dim
    centres = separation * rng.standard_normal(shape, "float32")
    sides = []
    for count in (FLAGS.queries, FLAGS.gallery):
        identities = rng.integers(0, FLAGS.identities, count)
        embeddings = rng.standard_normal((count, *shape[1:]), "float32")
        embeddings += centres[identities]
        visibility = rng.random((count, num_parts)) < 0.7
        visibility[:, 0] = True
        sides.append(
            (
                Descriptors(embeddings, visibility),
                Records([""] * count, identities, rng.integers(0, 8, count)),
            )
        )
    (query, query_records), (gallery, gallery_records) = sides
    return query, gallery, query_records, gallery_records


def _product_seconds(num_parts):
    rng = np.random.default_rng(2)
    num_images = FLAGS.queries + FLAGS.gallery
    x = rng.standard_normal((num_images, FLAGS.dim), "float32")
    blocks = [x[i : i + 1024] for i in range(0, num_images, 1024)]
    tensors, columns = [to_backend(block) for block in blocks], to_backend(x.T)

    def by_numpy():
        for block in blocks:
            np.matmul(block, x.T)

    def by_backend():
        for block in tensors:
            matrix_product(block, columns)

    return num_parts * min(
        measured(product)[0]
        for product in (by_numpy, by_backend)
        for _ in range(FLAGS.repeats)
    )


if __name__ == "__main__":
    app.run(main)

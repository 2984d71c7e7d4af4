"""Seconds, ratio to the bare matrix product and memory of the re-ranking.

    python -m benchmarks.reranking
    python -m benchmarks.reranking --sizes=msmt17 --repeats=1 --separations=0.42

Synthetic features at the size of the data sets; the features themselves are
not counted in the memory. What is timed is the answer to "which 50 are the
nearest", all N x N distances included. The product is that of all N x N
images, by NumPy or by the backend, whichever is faster in the same run.
`--results=FILE` keeps the figures.
"""

from functools import partial

from absl import app, flags

from benchmarks.measuring import measured
from benchmarks.recording import record
from benchmarks.result_files import one_run
from benchmarks.synthetic_retrieval import (
    SIZES,
    costs,
    draw_retrieval,
    product_seconds,
)
from keras_drop.evaluation import nearest

FLAGS = flags.FLAGS
flags.DEFINE_list("sizes", ["occluded_duke"], ", ".join(SIZES))
flags.DEFINE_list("parts", ["1"], "Numbers of embeddings to time.")
flags.DEFINE_list("presets", ["zhong2017"], "Presets to time.")


def main(_):
    print(
        "size             preset     parts  separation  rank-1  seconds  "
        "product  ratio  MB above features"
    )
    for size in FLAGS.sizes:
        num_images = sum(SIZES[size][:2])
        for num_parts in map(int, FLAGS.parts):
            product = product_seconds(num_images, num_images, num_parts)
            for separation in map(float, FLAGS.separations):
                drawn = draw_retrieval(size, num_parts, separation)
                for preset in FLAGS.presets:
                    answer = partial(nearest, *drawn, k=50, rerank=preset)
                    runs = [measured(answer) for _ in range(FLAGS.repeats)]
                    figures = costs(runs, product)
                    first = runs[0][2][0][:, 0]
                    same = drawn[3].identities[first] == drawn[2].identities
                    print(
                        f"{size:16} {preset:9}  {num_parts:5}  "
                        f"{separation:10}  {same.mean():6.4f}  "
                        f"{figures['seconds']:7.2f}  {product:7.2f}  "
                        f"{figures['ratio']:5.2f}  "
                        f"{figures['MB above features']:.0f}",
                        flush=True,
                    )
                    row = f"{size}, separation {separation}"
                    row += f", {num_parts} parts" if num_parts > 1 else ""
                    row += f", {preset}" if preset != "zhong2017" else ""
                    record({row: one_run(figures)})


if __name__ == "__main__":
    app.run(main)

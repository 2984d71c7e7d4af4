"""Seconds, ratio to the bare matrix product and memory of the ranking.

    python -m benchmarks.ranking
    python -m benchmarks.ranking --sizes=occluded_duke --parts=6,9 \
        --visibility=binary,continuous --separations=0.3

Synthetic features at the size of the data sets. The features themselves are
not counted in the memory. The product is the fastest float32 product of the
same rows that this machine has, by NumPy or by the backend, in the same run.
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
from keras_drop.evaluation import Distance, evaluate_retrieval

FLAGS = flags.FLAGS
flags.DEFINE_list("sizes", list(SIZES), ", ".join(SIZES))
flags.DEFINE_list("parts", ["1"], "Numbers of embeddings to time.")
flags.DEFINE_list("visibility", ["binary"], "binary, continuous")
flags.DEFINE_list(
    "combine", ["visibility_mean"], "visibility_mean, visibility_max, plain"
)


def main(_):
    print(
        "size             parts visibility  combine          separation   mAP "
        " seconds  product  ratio  MB above features"
    )
    for size in FLAGS.sizes:
        for num_parts in map(int, FLAGS.parts):
            for visibility in FLAGS.visibility:
                for separation in map(float, FLAGS.separations):
                    drawn = draw_retrieval(
                        size, num_parts, separation, visibility
                    )
                    for combine in FLAGS.combine:
                        row = f"{size}, separation {separation}"
                        if num_parts > 1:
                            row += f", {num_parts} parts, {visibility}"
                            row += f", {combine}"
                        figures = _report(
                            f"{size:16} {num_parts:5} {visibility:11} "
                            f"{combine:16} {separation:10}",
                            partial(
                                evaluate_retrieval,
                                *drawn,
                                distance=Distance(combine=combine),
                            ),
                            product_seconds(*SIZES[size][:2], num_parts),
                        )
                        record({row: one_run(figures)})


def _report(name, rank, product):
    runs = [measured(rank) for _ in range(FLAGS.repeats)]
    accuracy = runs[0][2].metrics["mAP"]
    figures = costs(runs, product)
    print(
        f"{name}  {accuracy:.3f}  {figures['seconds']:7.2f}  "
        f"{product:7.2f}  {figures['ratio']:5.2f}  "
        f"{figures['MB above features']:.0f}",
        flush=True,
    )
    return {"mAP": 100 * accuracy, **figures}


if __name__ == "__main__":
    app.run(main)

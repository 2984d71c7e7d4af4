"""A gallery of 10,000 images and more: seconds, recall and bytes an image.

    python -m benchmarks.gallery_search --sizes=10000,100000
    python -m benchmarks.gallery_search --sizes=1000000 --engines=disk

Drawn embeddings, 6 x 512 an image, each engine after the other, in one run
with its peers: faiss on the foreground alone, evaluation without a gallery,
and the bare product of a query with all values, which `ratio` is to.
`--results=FILE` keeps the figures.
"""

import dataclasses
import shutil
import tempfile
import time
from pathlib import Path

from absl import app, flags

from benchmarks.gallery_peers import (
    evaluation_ranks,
    faiss_foreground,
    product_seconds,
    quantised,
    recall,
    seconds_each,
)
from benchmarks.recording import record
from benchmarks.result_files import one_run
from benchmarks.synthetic_gallery import (
    DIM,
    NAMES,
    draw_gallery,
    draw_queries,
)
from keras_drop import Descriptors, Gallery
from keras_drop.evaluation import Distance

FLAGS = flags.FLAGS
flags.DEFINE_list("sizes", ["10000", "100000"], "Numbers of images.")
flags.DEFINE_list(
    "engines",
    ["disk", "memory", "milvus", "float16", "peers"],
    "disk, memory, milvus, float16 (on disk), peers",
)
flags.DEFINE_string("folder", None, "Where the galleries are made.")
_ADDED_AT_ONCE = 10_000
_REMOVED = 1_000


def main(_):
    for size in map(int, FLAGS.sizes):
        with tempfile.TemporaryDirectory(dir=FLAGS.folder) as folder:
            _measure(Path(folder), size)


def _measure(folder, size):
    embeddings, seen = draw_gallery(folder / "drawn.npy", size)
    queries = draw_queries(embeddings, seen, 64)
    peers = {}
    right, peers["evaluation"] = _ranked(
        evaluation_ranks(embeddings, seen, NAMES), queries, repeats=1
    )
    peers["evaluation"]["recall@50"] = 100
    product = product_seconds(embeddings)
    peers["bare product"] = {"p50 ms": 1e3 * product}
    for name, figures in peers.items():
        _report(f"{size}, {name}", figures, product)
    peers = {}
    for engine in FLAGS.engines:
        if engine != "peers":
            _measure_engine(
                folder, engine, (embeddings, seen), queries, right, product
            )
    if "peers" in FLAGS.engines:
        rows, peers["faiss, foreground alone"] = _ranked(
            faiss_foreground(embeddings), queries
        )
        peers["faiss, foreground alone"]["recall@50"] = 100 * recall(
            rows, right
        )
        peers["faiss, foreground alone"]["bytes an image"] = 4 * DIM
        used, rows = quantised(embeddings, seen, NAMES, queries)
        peers["product quantiser"] = {
            "recall@50": 100 * recall(rows[:, :50], right),
            "50 within 200": 100 * recall(rows, right),
            "bytes an image": used,
        }
    for name, figures in peers.items():
        _report(f"{size}, {name}", figures, product)


def _measure_engine(folder, engine, drawn, queries, right, product):
    size = len(drawn[0])
    gallery, figures = _filled(folder, engine, *drawn)
    start = time.perf_counter()
    gallery.search(queries[:1], k=50)
    figures["first search s"] = time.perf_counter() - start
    rows, timed = _ranked(_ask(gallery), queries)
    figures |= timed
    figures["recall@50"] = 100 * recall(rows, right)
    figures |= _bytes(gallery.path, size)
    _report(f"{size}, {engine}", figures, product)
    if engine == "milvus":
        # The vectors are those of the other distance.
        cosine = dataclasses.asdict(Distance("cosine"))
        gallery._store.tell({"distance": cosine})
        exact = Gallery.open(gallery.path, engine="memory")
        right = _ask(exact)(queries)
        exact.close()
        rows, figures = _ranked(_ask(gallery), queries)
        figures["recall@50"] = 100 * recall(rows, right)
        _report(f"{size}, milvus, cosine", figures, product)
    start = time.perf_counter()
    gallery.remove(ids=range(1, _REMOVED + 1))
    figures = {"removed/s": _REMOVED / (time.perf_counter() - start)}
    start = time.perf_counter()
    gallery.compact()
    figures["compact s"] = time.perf_counter() - start
    gallery.close()
    _report(f"{size}, {engine}, removed", figures, product)
    shutil.rmtree(gallery.path)


def _filled(folder, engine, embeddings, seen):
    options = {"engine": engine}
    if engine == "float16":
        options = {"precision": "float16"}
    gallery = Gallery.create(folder / f"{engine}.gallery", **options)
    start = time.perf_counter()
    for first in range(0, len(embeddings), _ADDED_AT_ONCE):
        some = slice(first, first + _ADDED_AT_ONCE)
        gallery.add(Descriptors(embeddings[some], seen[some], NAMES))
    seconds = time.perf_counter() - start
    return gallery, {"added/s": len(embeddings) / seconds}


def _ask(gallery):
    def ask(people):
        found = gallery.search_many(people, k=50)
        return [(hits.ids - 1).tolist() for hits in found]

    return ask


def _ranked(ask, queries, repeats=5):
    """What is found for all queries, and the seconds of one and of all."""
    found = ask(queries)
    alone = [queries[[k]] for k in range(8 * repeats if repeats > 1 else 3)]
    one = seconds_each(ask, alone)
    many = seconds_each(ask, [queries] * repeats)
    return found, {
        "p50 ms": 1e3 * one[0],
        "p95 ms": 1e3 * one[1],
        "p50 ms of 64": 1e3 * many[0],
        "p95 ms of 64": 1e3 * many[1],
    }


def _bytes(path, size):
    """Bytes an image of all files, and of those that are a copy."""
    files = [file for file in path.rglob("*") if file.is_file()]
    total = sum(file.stat().st_size for file in files)
    truth = (path / "gallery.sqlite").stat().st_size
    return {
        "bytes an image": total / size,
        "bytes an image, copy": (total - truth) / size,
    }


def _report(row, figures, product):
    if "p50 ms" in figures:
        figures = {**figures, "ratio": figures["p50 ms"] / 1e3 / product}
    print(
        f"{row:35}",
        ", ".join(f"{name} {value:.4g}" for name, value in figures.items()),
        flush=True,
    )
    record({row: one_run(figures)})


if __name__ == "__main__":
    app.run(main)

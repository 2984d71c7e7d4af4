"""The tables of docs/results/gallery.md."""

from benchmarks.result_columns import mean
from benchmarks.result_files import read_rows
from benchmarks.result_table import Table

_NAMES = {
    "disk": "`disk`",
    "memory": "`memory`",
    "float16": '`disk`, `precision="float16"`',
    "milvus": "`milvus`, Milvus Lite",
    "milvus, cosine": "`milvus`, Milvus Lite, cosine",
    "bare product": "no engine: the bare product",
    "product quantiser": "no engine: product-quantised, 32 bytes a part",
}


def _of(rows, metric):
    """Rows that have a metric, by what they are called; small ones first."""
    found = {}
    for row in sorted(rows, key=lambda row: int(row.split(",")[0])):
        size, name = row.removesuffix(", removed").split(", ", 1)
        if metric in rows[row]["mean"]:
            found[row] = f"{int(size):,} | {_NAMES.get(name, name)}"
    return found


def gallery_tables(rows):
    """The tables of a dictionary of rows by `"size, engine"`."""
    corner = "images | engine"
    return {
        "gallery_search": Table(
            _of(rows, "p50 ms"),
            (
                mean("p50 ms", "one query, ms", 0),
                mean("p95 ms", "95th percentile", 0),
                mean("p50 ms of 64", "64 queries, ms", 0),
                mean("p95 ms of 64", "95th percentile", 0),
                mean("ratio"),
                mean("recall@50", "recall@50, %"),
            ),
            "gallery_search",
            corner,
        ),
        "gallery_bytes": Table(
            {
                row: name
                for row, name in _of(rows, "bytes an image").items()
                if "recall@50" in rows[row]["mean"]
            },
            (
                mean("bytes an image", "bytes an image", 0),
                mean("recall@50", "recall@50, %"),
                mean("50 within 200", "the 50 among the first 200, %"),
            ),
            "gallery_search",
            corner,
        ),
        "gallery_filling": Table(
            _of(rows, "added/s"),
            (
                mean("added/s", "added/s", 0),
                mean("first search s", "first search, s"),
                mean("bytes an image", "bytes an image", 0),
                mean("bytes an image, copy", "of it the copy", 0),
            ),
            "gallery_search",
            corner,
        ),
        "gallery_removing": Table(
            _of(rows, "removed/s"),
            (
                mean("removed/s", "removed/s", 0),
                mean("compact s", "compact, s"),
            ),
            "gallery_search",
            corner,
        ),
    }


GALLERY_TABLES = gallery_tables(read_rows("gallery_search"))

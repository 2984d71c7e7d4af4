"""Seconds and memory of reading a table of a million images.

    python -m benchmarks.large_table

As CSV and as Parquet, with people and cameras called by text, and two further
columns. Memory is what the process grew by at the most, and what is kept of it
in the end is the `Records`. `--results=FILE` keeps the figures.
"""

import gc
import tempfile
import time
from pathlib import Path

from absl import app, flags

from benchmarks.measuring import measured
from benchmarks.recording import record
from benchmarks.result_files import one_run
from keras_drop.datasets import read_table

ROWS = flags.DEFINE_integer("rows", 1_000_000, "number of images")
_HEADER = "path", "identity", "camera", "split", "tracklet", "time"


def row_of(number):
    """Values of a row, as texts."""
    split = "train" if number % 2 else "gallery" if number % 20 else "query"
    return (
        f"images/{number // 1000:04}/person_{number:07}.jpg",
        f"person{number // 10}",
        f"camera{number % 12}",
        split,
        f"track{number // 5}",
        f"{number / 25}",
    )


def write_csv(path, count):
    with open(path, "w") as file:
        file.write(",".join(_HEADER) + "\n")
        for number in range(count):
            file.write(",".join(row_of(number)) + "\n")


def write_parquet(path, count):
    import pyarrow
    from pyarrow import parquet

    columns = zip(*map(row_of, range(count)))
    table = pyarrow.table(dict(zip(_HEADER, map(list, columns))))
    parquet.write_table(table, path)


def main(_):
    rows = {}
    with tempfile.TemporaryDirectory() as folder:
        for kind, write in (("csv", write_csv), ("parquet", write_parquet)):
            path = Path(folder) / f"images.{kind}"
            write(path, ROWS.value)
            gc.collect()
            processor = time.process_time()
            seconds, megabytes, splits = measured(lambda p=path: read_table(p))
            figures = {
                "seconds": seconds,
                "processor seconds": time.process_time() - processor,
                "MB at most": megabytes,
                "MB of the records": sum(map(_size, splits.values())) / 1e6,
            }
            assert sum(map(len, splits.values())) == ROWS.value
            name = f"{kind}, {ROWS.value:,} rows"
            rows[name] = one_run(figures, 1)
            print(name, figures, flush=True)
            del splits
    record(rows)


def _size(records):
    return sum(getattr(records, c).nbytes for c in records.column_names)


if __name__ == "__main__":
    app.run(main)

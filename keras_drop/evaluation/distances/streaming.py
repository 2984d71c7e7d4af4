"""Distances of all queries to the whole gallery, block by block."""

import numpy as np

from keras_drop.evaluation.distances.threads import in_threads, num_threads

# Queries whose state is held at a time: bounds the memory, and so many that
# what is made of the gallery is hardly ever made twice.
_QUERIES = 16_384
# Distances held at a time by all threads, 256 MB.
_DISTANCES = 1 << 26


def stream_distances(
    distances, num_queries, num_gallery, query_block, gallery_chunk, start
):
    """Hands out the distances of each block of queries, chunk after chunk.

    Blocks of queries run on all cores, the chunks of one block one after the
    other, in the order of the gallery.

    Args:
        distances: Object with `block(rows, columns)`, `prepare(columns)` and
            `num_prepared`, how many columns that is worth doing for.
        num_queries: Number of rows.
        num_gallery: Number of columns.
        query_block: Number of queries at a time.
        gallery_chunk: Number of gallery images at a time; fewer where memory
            asks for it.
        start: Function of the `(n,)` rows of a block, called before its first
            chunk. It returns a function `add(values, first)`, called with
            the `(n, m)` distances to the chunk that starts at `first`.
    """
    rows = np.arange(num_queries)
    blocks = [
        rows[i : i + query_block] for i in range(0, num_queries, query_block)
    ]
    together = max(_QUERIES // query_block, 1)
    threads = _num_threads()
    gallery_chunk = min(
        gallery_chunk,
        distances.num_prepared,
        _power_of_two(_DISTANCES // (threads * query_block)),
    )
    for i in range(0, len(blocks), together):
        group = blocks[i : i + together]
        visits = list(zip(group, in_threads(start, group)))
        for first in range(0, num_gallery, gallery_chunk):
            columns = np.arange(first, min(first + gallery_chunk, num_gallery))
            distances.prepare(columns)

            def visit(rows_and_add, columns=columns):
                rows, add = rows_and_add
                add(distances.block(rows, columns), columns[0])

            in_threads(visit, visits, threads)


def _num_threads():
    """Twice the cores: a thread waits while others' products have them."""
    return 2 * num_threads() if num_threads() > 1 else 1


def _power_of_two(number):
    """The largest one up to the number: whole tiles, whatever their size."""
    return 1 << max(number.bit_length() - 1, 0)

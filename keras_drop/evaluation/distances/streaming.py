"""Distances of all queries to the whole gallery, block by block."""

import numpy as np

from keras_drop.evaluation.distances.threads import in_threads, num_threads

# Queries at a time; multiples of 128 waste nothing.
_QUERY_BLOCK = 256
# Wide enough to hide the loop over queries, 64 MB at 256 queries.
_GALLERY_CHUNK = 65_536
# Queries whose state is held at a time: bounds the memory, and so many that
# what is made of the gallery is hardly ever made twice.
_QUERIES = 16_384
# Distances held at a time by all threads, 256 MB.
_DISTANCES = 1 << 26


def blocks_of_queries(num_queries):
    """List of integer arrays, the rows that are looked at together."""
    rows = np.arange(num_queries)
    return [
        rows[i : i + _QUERY_BLOCK] for i in range(0, num_queries, _QUERY_BLOCK)
    ]


def stream_distances(distances, start, gallery_chunk=None):
    """Hands out the distances of each block of queries, chunk after chunk.

    Blocks of queries run on all cores, the chunks of one block one after the
    other, in the order of the gallery. What comes of it must not depend on
    how large the blocks and chunks are.

    Args:
        distances: Object with `shape`, `block(rows, columns)`,
            `prepare(columns)` and `num_prepared`, how many columns that is
            worth doing for.
        start: Function of the `(n,)` rows of a block, called before its first
            chunk. It returns a function `add(values, first)`, called with
            the `(n, m)` distances to the chunk that starts at `first`.
        gallery_chunk: Gallery images at a time at most, where `add` needs
            more memory than the distances themselves.
    """
    num_queries, num_gallery = distances.shape
    blocks = blocks_of_queries(num_queries)
    together = max(_QUERIES // _QUERY_BLOCK, 1)
    threads = _num_threads()
    gallery_chunk = min(
        gallery_chunk or _GALLERY_CHUNK,
        distances.num_prepared,
        _power_of_two(_DISTANCES // (threads * _QUERY_BLOCK)),
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

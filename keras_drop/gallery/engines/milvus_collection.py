import logging

import numpy as np

from keras_drop.gallery.engines.milvus_folder import (
    is_open,
    release,
    take,
)

MOST = 16_384  # Rows that Milvus returns at most.
_WIDEST = 32_768
# Rows sent at once: 13 MB of 6 x 512 values, of the 64 MB that Milvus takes.
_AT_A_TIME = 1_000


class MilvusCollection:
    """The vectors of a gallery in Milvus: embedded in a folder, or a server.

    All that this library asks of Milvus stands here, and both are asked the
    same.

    Args:
        uri: `http://user:password@host:19530/database`, or a path that ends
            with `.db`, a folder of Milvus Lite.
        name: Of the collection, made if it is not there.
        size: Number of values of a vector.

    Raises:
        ImportError: Milvus's client is not installed.
        ConnectionError: Nobody answers.
        BlockingIOError: Another process has the folder open.
        ValueError: Vectors that are too long.
    """

    def __init__(self, uri, name, size):
        if size > _WIDEST:
            raise ValueError(
                f"The parts of an image have {size:,} values together, Milvus "
                f'takes {_WIDEST:,} at most. Use `engine="disk"`.'
            )
        self._uri, self._name, self._size = str(uri), name, size
        self._client = _connected(self._uri)
        self._make()

    def upsert(self, numbers, vectors, patterns):
        """Adds images, or replaces them; their bytes are safe after that."""
        for start in range(0, len(numbers), _AT_A_TIME):
            some = slice(start, start + _AT_A_TIME)
            rows = [
                {"id": int(number), "pattern": int(pattern), "vector": vector}
                for number, vector, pattern in zip(
                    numbers[some], vectors[some], patterns[some]
                )
            ]
            self._client.upsert(self._name, rows)

    def delete(self, numbers):
        """Deletes images; those that are not there are left out."""
        numbers = [int(number) for number in numbers]
        for start in range(0, len(numbers), 10_000):
            self._client.delete(self._name, ids=numbers[start : start + 10_000])

    def flush(self):
        """What was written is on disk after that."""
        self._client.flush(self._name)

    def search(self, vectors, patterns, limit, which=""):
        """Images of some patterns, largest inner product first.

        Args:
            vectors: `(n, size)` float32.
            patterns: List of integers.
            limit: How many for each vector.
            which: Further condition on the images, of `among`.

        Returns:
            For each vector the list of pairs of number and inner product.
        """
        found = self._client.search(
            self._name,
            data=list(vectors),
            anns_field="vector",
            filter=f"pattern in {patterns}{which}",
            limit=min(limit, MOST),
            output_fields=["id"],
            consistency_level="Strong",
        )
        return [
            [(hit["id"], hit["distance"]) for hit in hits] for hits in found
        ]

    def count(self):
        """Number of images."""
        rows = self._client.query(
            self._name,
            filter="",
            output_fields=["count(*)"],
            consistency_level="Strong",
        )
        return int(rows[0]["count(*)"])

    def numbers(self, last):
        """Set of the numbers of all images, of which none is above `last`."""
        found = set()
        for first in range(0, last + 1, MOST):
            rows = self._client.query(
                self._name,
                filter=f"id >= {first} and id < {first + MOST}",
                output_fields=["id"],
                limit=MOST,
                consistency_level="Strong",
            )
            found.update(row["id"] for row in rows)
        return found

    def drop(self):
        """Deletes all of it; nothing can be asked any more."""
        self._client.drop_collection(self._name)

    def compact(self):
        """Asks a server to give back the room of what was deleted."""
        self.flush()
        self._client.compact(self._name)

    def close(self):
        """Ends the connection; the process that has a folder lets it go."""
        self._client.close()
        if self._uri.endswith(".db"):
            release(self._uri)

    def _make(self):
        from pymilvus import DataType, MilvusClient

        if not self._client.has_collection(self._name):
            schema = MilvusClient.create_schema(
                auto_id=False, enable_dynamic_field=False
            )
            schema.add_field("id", DataType.INT64, is_primary=True)
            schema.add_field("pattern", DataType.INT64)
            schema.add_field("vector", DataType.FLOAT_VECTOR, dim=self._size)
            self._client.create_collection(self._name, schema=schema)
        if not self._client.list_indexes(self._name):
            index = self._client.prepare_index_params()
            # All of them are compared: a graph finds most, not all.
            index.add_index("vector", index_type="FLAT", metric_type="IP")
            # To wait for it asks for what Milvus Lite has not, and says so.
            self._client.create_index(self._name, index, sync=False)
        self._client.load_collection(self._name)


def among(numbers, everybody):
    """Condition on the images of a search, as short as may be.

    Args:
        numbers: Ascending integers, the images to look at.
        everybody: Ascending integers of all images.

    Example:
    >>> from keras_drop.gallery.engines.milvus_collection import among
    >>> among([2], [1, 2, 3]), among([1, 3, 4], [1, 2, 3, 4])
    (' and id in [2]', ' and id not in [2]')
    """
    others = np.setdiff1d(everybody, numbers)
    if len(others) < len(numbers):
        return f" and id not in {others.tolist()}" if len(others) else ""
    return f" and id in {np.asarray(numbers).tolist()}"


def _connected(uri):
    try:
        from pymilvus import MilvusClient
        from pymilvus.exceptions import MilvusException
    except ImportError:
        raise ImportError(
            '`engine="milvus"` needs Milvus\'s client: '
            "`pip install 'keras_drop[milvus]'`."
        ) from None
    # What it logs it raises as well.
    logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
    logging.getLogger("milvus_lite").setLevel(logging.CRITICAL)
    if uri.endswith(".db") and is_open(uri):
        raise BlockingIOError(
            f"{uri} is open in another process, and Milvus Lite allows one. "
            'Open the gallery with `engine="disk"`, or give the `uri` of a '
            "Milvus server."
        )
    try:
        client = MilvusClient(uri, timeout=60)
    except MilvusException as error:
        raise ConnectionError(
            f"No Milvus answers at {_without_password(uri)}: {error.message}"
        ) from None
    if uri.endswith(".db"):
        take(uri)
    return client


def _without_password(uri):
    scheme, at, rest = uri.rpartition("@")
    return f"{scheme.partition('//')[0]}//{rest}" if at else uri

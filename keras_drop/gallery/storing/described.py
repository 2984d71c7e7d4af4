"""Descriptors as the bytes that a gallery keeps, and back."""

import dataclasses
import zlib

import numpy as np

from keras_drop.descriptors import Descriptors
from keras_drop.evaluation.distances.part_factors import inverse_lengths

PRECISIONS = ("float32", "float16")


@dataclasses.dataclass(frozen=True, eq=False)
class Described:
    """Images of a gallery as arrays.

    Args:
        numbers: `(n,)` ascending numbers of the images.
        visibility: `(n, parts)` float32.
        scales: `(n, parts)` float32, what makes the embeddings unit vectors.
        embeddings: `(n, parts, dim)` float32 or float16, maybe mapped.
        names: Names of the parts.
    """

    numbers: np.ndarray
    visibility: np.ndarray
    scales: np.ndarray
    embeddings: np.ndarray
    names: tuple

    def __len__(self):
        return len(self.numbers)

    def part(self, rows):
        """`Described` of some of them."""
        return Described(
            self.numbers[rows],
            self.visibility[rows],
            self.scales[rows],
            self.embeddings[rows],
            self.names,
        )

    def descriptors(self, rows):
        """`Descriptors` of some of them, as they were added."""
        return Descriptors(
            np.array(self.embeddings[rows], "float32"),
            shown(self.visibility[rows]),
            self.names,
        )


def described_rows(descriptors, precision):
    """List of dictionaries of what the store keeps of images' descriptors.

    Raises:
        ValueError: A value that float16 has not.
    """
    embeddings = descriptors.embeddings
    if precision == "float16":
        with np.errstate(over="ignore"):
            embeddings = embeddings.astype("float16")
        if not np.isfinite(embeddings).all():
            raise ValueError(
                "An embedding holds a value beyond 65,504, the largest of "
                'float16. Make the gallery with `precision="float32"`, or '
                "normalise the embeddings."
            )
    scales = inverse_lengths(embeddings, np.arange(len(embeddings)))
    rows = []
    for values, seen, scale in zip(
        embeddings, descriptors.visibility.astype("float32"), scales
    ):
        embedding, visibility = values.tobytes(), seen.tobytes()
        rows.append(
            {
                "embedding": embedding,
                "visibility": visibility,
                "scales": scale.tobytes(),
                "checksum": checksum_of(visibility, embedding),
            }
        )
    return rows


def checksum_of(visibility, embedding):
    """What tells whether the bytes are those that were written."""
    return zlib.crc32(embedding, zlib.crc32(visibility))


def described_of(rows, about):
    """`Described` of quadruples of `Store.described`."""
    rows = list(rows)
    numbers, visibility, scales, embeddings = zip(*rows) if rows else ((),) * 4
    shape = len(about["part_names"]), about["embedding_size"]
    return Described(
        np.array(numbers, "int64"),
        part_values(b"".join(visibility), about),
        part_values(b"".join(scales), about),
        np.frombuffer(b"".join(embeddings), about["precision"]).reshape(
            -1, *shape
        ),
        tuple(about["part_names"]),
    )


def part_values(buffer, about):
    """`(n, parts)` float32 array of bytes."""
    values = np.frombuffer(buffer, "float32")
    return values.reshape(-1, len(about["part_names"]))


def shown(visibility):
    """`(n, parts)` float32 visibility, as bool where it is yes or no."""
    if ((visibility == 0) | (visibility == 1)).all():
        return visibility.astype(bool)
    return visibility

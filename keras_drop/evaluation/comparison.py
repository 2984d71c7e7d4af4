import dataclasses

import numpy as np

from keras_drop.descriptors import Descriptors
from keras_drop.records import Records


@dataclasses.dataclass(frozen=True, eq=False)
class Comparison:
    """Queries, and the gallery that they are compared with: what travels.

    Functions of evaluation take the four by name; inside they are this one
    value, which was checked when it was made.

    Args:
        query: `Descriptors` of the queries.
        gallery: `Descriptors` of the gallery.
        query_records: `Records` of the queries.
        gallery_records: `Records` of the gallery.

    Raises:
        ValueError: Descriptors and records that do not fit each other, or
            nothing to compare.

    Example:
    >>> import numpy as np
    >>> from keras_drop import Descriptors, Records
    >>> from keras_drop.evaluation.comparison import Comparison
    >>> images = Descriptors(np.eye(2))
    >>> records = Records(["a", "b"], [1, 2], [0, 1])
    >>> both = Comparison(images, images, records, records)
    >>> labels, others = both.junk_labels("real")
    >>> (labels[0] == others).tolist()
    [True, False]
    """

    query: Descriptors
    gallery: Descriptors
    query_records: Records
    gallery_records: Records

    def __post_init__(self):
        for role, descriptors, records in (
            ("query", self.query, self.query_records),
            ("gallery", self.gallery, self.gallery_records),
        ):
            if len(descriptors) != len(records):
                raise ValueError(
                    f"The {role} has {len(descriptors)} descriptors and "
                    f"{len(records)} records; they describe the same images, "
                    "row by row. Embed the images of these records."
                )
        check_descriptors(self.query, self.gallery)

    def of(self, query_rows, gallery_rows):
        """The same of some queries and some gallery images."""
        return Comparison(
            self.query[query_rows],
            self.gallery[gallery_rows],
            self.query_records[query_rows],
            self.gallery_records[gallery_rows],
        )

    def junk_labels(self, camera_mode):
        """Two integer arrays: a pair is junk where the labels are equal.

        Junk is the query's own person, seen by its own camera; where cameras
        are not real there is none. Identity `-1`, which is junk for all
        queries, is left out beforehand.

        Args:
            camera_mode: `"real"`, `"fake"` or `"none"`, as in `Protocol`.

        Returns:
            Tuple of `(num_query,)` and `(num_gallery,)` whole numbers.
        """
        sides = self.query_records, self.gallery_records
        if camera_mode != "real":
            return tuple(np.full(len(side), k) for k, side in enumerate(sides))
        (_, person), (num_cameras, camera) = (
            _numbered([getattr(side, name) for side in sides])
            for name in ("identities", "cameras")
        )
        labels = person * num_cameras + camera
        return labels[: len(sides[0])], labels[len(sides[0]) :]


def _numbered(columns):
    """How many different values two columns have, and which each one is."""
    values, number = np.unique(np.concatenate(columns), return_inverse=True)
    return len(values), number


def check_descriptors(query, gallery):
    """Refuses descriptors that cannot be compared, or that are none.

    Raises:
        ValueError: One side is empty, other embeddings, or other lengths.
    """
    for role, descriptors in (("query", query), ("gallery", gallery)):
        if not len(descriptors):
            raise ValueError(
                f"The {role} is empty; there is nothing to compare."
            )
    if query.names != gallery.names:
        raise ValueError(
            f"The query has the embeddings {', '.join(query.names)}, the "
            f"gallery {', '.join(gallery.names)}. Embed both by one model."
        )
    widths = query.embeddings.shape[2], gallery.embeddings.shape[2]
    if widths[0] != widths[1]:
        raise ValueError(
            f"The embeddings of the query have {widths[0]} values, those of "
            f"the gallery {widths[1]}. Embed both by one model."
        )

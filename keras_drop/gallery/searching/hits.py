import dataclasses

import numpy as np

from keras_drop.gallery.searching.hits_page import write_hits


@dataclasses.dataclass(frozen=True, eq=False)
class Hit:
    """An image of the gallery that was found.

    Args:
        id: Its number in the gallery, never given twice.
        distance: To the query, over the parts that both show; 10,000 where
            there is none.
        verdict: `"same"`, `"different"` or `"not comparable"`; empty without
            a `PairVerdict` where something can be compared.
        probability: Of the same person, NaN if nobody knows.
        part_distances: Dictionary from each part that was compared to its
            distance.
        identity: Who it is, `None` if nobody said.
        camera: As it was told.
        time: As it was told.
        path: Of the image, `None` without one.
        columns: Dictionary of what else was told.
        thumbnail: A JPEG file as bytes, `None` where none is kept.

    Example:
    >>> from keras_drop.gallery import Hit
    >>> Hit(7, 0.4, "same", 0.93, {"head": 0.4}, identity="anna").identity
    'anna'
    """

    id: int
    distance: float
    verdict: str = ""
    probability: float = float("nan")
    part_distances: dict = dataclasses.field(default_factory=dict)
    identity: object = None
    camera: object = None
    time: object = None
    path: str | None = None
    columns: dict = dataclasses.field(default_factory=dict)
    thumbnail: bytes | None = None

    def __repr__(self):
        told = [f"id={self.id}", f"distance={self.distance:.4g}"]
        if self.verdict:
            told.append(f"verdict={self.verdict!r}")
        for name in ("identity", "camera", "time", "path"):
            if getattr(self, name) is not None:
                told.append(f"{name}={getattr(self, name)!r}")
        return f"Hit({', '.join(told)})"


class Hits(list):
    """What a search found, nearest first; a list of `Hit`.

    Args:
        hits: The hits.
        known: Whether the query is somebody whom the gallery knows, `None` if
            the search was not told from where on nobody is.
        part_names: Names of the parts that were looked for.
        photos: `(height, width, 3)` uint8 arrays of the query, as far as
            there are.
        query: `Descriptors` that were searched for, one row.

    Example:
    >>> from keras_drop.gallery import Hit, Hits
    >>> hits = Hits([Hit(7, 0.4, identity="anna")], known=True)
    >>> hits.known, hits[0].identity, hits.ids.tolist()
    (True, 'anna', [7])
    """

    def __init__(
        self, hits=(), known=None, part_names=(), photos=(), query=None
    ):
        super().__init__(hits)
        self.known = known
        if isinstance(part_names, str):
            part_names = (part_names,)
        self.part_names = tuple(part_names)
        self.photos = list(photos)
        self.query = query

    @property
    def ids(self):
        """`(n,)` numbers of the images."""
        return np.array([hit.id for hit in self], "int64")

    @property
    def distances(self):
        """`(n,)` float32 distances."""
        return np.array([hit.distance for hit in self], "float32")

    def show(self, path):
        """Writes one HTML file that needs nothing else, not even a network.

        It holds the query, the thumbnails that the gallery keeps, what was
        told of each image, and the distance of each part that was compared.

        Args:
            path: The file.

        Returns:
            Its path.
        """
        return write_hits(path, self)

"""What is in a gallery, without a search."""

import json

from keras_drop.gallery.searching.found import stored_descriptors
from keras_drop.gallery.searching.hits import Hit
from keras_drop.gallery.storing.conditions import condition
from keras_drop.gallery.storing.people import people_of
from keras_drop.gallery.storing.store import Store


class Browser:
    """Looks through a gallery: its people, their images, one of them.

    Args:
        gallery: `Gallery`.

    Example:
    >>> import tempfile
    >>> from keras_drop import Descriptors, Gallery
    >>> from keras_drop.gallery.browse import Browser
    >>> gallery = Gallery.create(f"{tempfile.mkdtemp()}/g")
    >>> numbers = gallery.add(Descriptors([[1.0], [2.0]]), "anna")
    >>> browser = Browser(gallery)
    >>> browser.people(), [hit.id for hit in browser.images("anna")]
    ([('anna', 2, 1)], [1, 2])
    """

    def __init__(self, gallery):
        self._store = Store(gallery.path)

    def people(self, text="", first=0, count=60):
        """As `people_of`."""
        return people_of(self._store, text, first, count)

    def images(self, identity, count=200):
        """List of `Hit`, without distance: the first images of a person."""
        about = self._store.about()
        where = condition({"identity": identity}, about["column_names"])
        rows = self._store.rows(self._store.numbers(*where)[:count])
        return [_hit(row) for row in rows]

    def count(self, identity):
        """Number of the images of a person."""
        where = condition({"identity": identity}, ())
        return self._store.count(*where)

    def image(self, number):
        """The `Hit` and the `Descriptors` of an image, `None` if it is gone."""
        rows = self._store.rows([number])
        if not rows:
            return None
        return _hit(rows[0]), _descriptors(rows, self._store.about())

    def thumbnail(self, number):
        """JPEG file of an image as bytes, `None` without one."""
        rows = self._store.rows([number])
        return rows[0]["thumbnail"] if rows else None

    def everything(self):
        """What the whole gallery holds, read into memory.

        Returns:
            Tuple of the `Descriptors`, a dictionary from columns to lists of
            values, and the list of thumbnails.

        Raises:
            ValueError: The gallery is empty.
        """
        rows = self._store.rows(self._store.numbers())
        if not rows:
            raise ValueError(f"There is no image in {self._store.path.parent}.")
        about = self._store.about()
        hits = [_hit(row) for row in rows]
        columns = {
            "identity": [hit.identity for hit in hits],
            "camera": [hit.camera for hit in hits],
            "time": [hit.time for hit in hits],
            "number": [hit.id for hit in hits],
            **{
                name: [hit.columns.get(name) for hit in hits]
                for name in about["column_names"]
            },
        }
        thumbnails = [hit.thumbnail for hit in hits]
        return _descriptors(rows, about), columns, thumbnails


def _hit(row):
    return Hit(
        row["id"],
        float("nan"),
        identity=row["identity"],
        camera=row["camera"],
        time=row["time"],
        path=row["path"],
        columns=json.loads(row["columns"]),
        thumbnail=row["thumbnail"],
    )


def _descriptors(rows, about):
    names = tuple(about["part_names"])
    return stored_descriptors(rows, names, about["precision"])

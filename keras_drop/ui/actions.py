from keras_drop.gallery.browse import Browser
from keras_drop.gallery.embedding.photos import read_photo
from keras_drop.ui.boxes import read_box
from keras_drop.ui.cards import hits_html, image_cards, people_cards

_AT_A_TIME = 60


class Actions:
    """What the page does, as HTML, whatever draws it.

    Args:
        gallery: `Gallery`.
        read_only: Whether nothing can be removed.

    Example:
    >>> import tempfile
    >>> from keras_drop import Descriptors, Gallery
    >>> from keras_drop.ui.actions import Actions
    >>> gallery = Gallery.create(f"{tempfile.mkdtemp()}/g")
    >>> numbers = gallery.add(Descriptors([[1.0]]), "anna")
    >>> "anna" in Actions(gallery).people("")
    True
    """

    def __init__(self, gallery, read_only=False):
        self.gallery = gallery
        self.read_only = read_only
        self._browser = Browser(gallery)

    def search_photo(self, photo, box, **options):
        """HTML of who looks like a person in a photo.

        Args:
            photo: `(height, width, 3)` uint8 array, `None` if there is none.
            box: Text of a box, empty for the whole photo.
            **options: Of `Gallery.search`.

        Raises:
            ValueError: No photo, or a box that is none.
        """
        if photo is None:
            raise ValueError("Choose a photo first.")
        box = read_box(box)
        query = photo if box is None else (photo, box)
        hits = self.gallery.search(read_photo(query), **options)
        return self._shown(hits)

    def search_image(self, number, **options):
        """HTML of who looks like an image of the gallery, without itself."""
        found = self._browser.image(number)
        if found is None:
            raise ValueError("This image is no longer there.")
        hit, descriptors = found
        hits = self.gallery.search(descriptors, exclude_ids=[hit.id], **options)
        return self._shown(hits, hit)

    def people(self, text, first=0):
        """HTML of those whose name contains a text."""
        found = self._browser.people(text or "", first, _AT_A_TIME + 1)
        shown = [
            (identity, count, self._browser.thumbnail(number))
            for identity, count, number in found[:_AT_A_TIME]
        ]
        more = len(found) > _AT_A_TIME
        return people_cards(shown, first, more, _AT_A_TIME)

    def images(self, identity):
        """HTML of the images of a person."""
        return image_cards(
            identity,
            self._browser.images(identity),
            self._browser.count(identity),
            self.read_only,
        )

    def remove(self, what, value):
        """Deletes a person, or an image, and compacts; returns what to say.

        Args:
            what: `"identity"` or `"id"`.
            value: The identity, or the number.

        Raises:
            ValueError: The page is for looking only.
        """
        if self.read_only:
            raise ValueError("This page is for looking only.")
        if what == "identity":
            count = self.gallery.remove(identity=value)
        else:
            count = self.gallery.remove(ids=[value])
        said = f"{count} image{'s' * (count != 1)} removed for good; "
        try:
            self.gallery.compact()
        except OSError as error:  # Their bytes are overwritten all the same.
            return f"{said}the file is as large as before: {error}"
        return f"{said}{len(self.gallery)} left."

    def _shown(self, hits, image=None):
        explained = self.gallery.explained(hits) if hits else None
        return hits_html(hits, explained, image, self.read_only)

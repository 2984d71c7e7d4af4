"""Who is in a gallery, for those who browse it."""

from keras_drop.gallery.storing.tables import connected


def people_of(store, text="", first=0, count=60):
    """Identities in their order, each with its images.

    Args:
        store: `Store`.
        text: What identities have to contain, in any case.
        first: How many to leave out at the start.
        count: How many at most.

    Returns:
        List of tuples of the identity, the number of its images, and the
        number of the first of them.

    Example:
    >>> import tempfile
    >>> from keras_drop import Descriptors, Gallery
    >>> from keras_drop.gallery.storing.people import people_of
    >>> from keras_drop.gallery.storing.store import Store
    >>> path = f"{tempfile.mkdtemp()}/g"
    >>> numbers = Gallery.create(path).add(Descriptors([[1.0]]), "anna")
    >>> people_of(Store(path), "NN")
    [('anna', 1, 1)]
    """
    with connected(store.path) as connection:
        # SQLite's own `lower` knows A to Z alone.
        connection.create_function("folded", 1, _folded, deterministic=True)
        return connection.execute(
            "SELECT identity, count(*), min(id) FROM images WHERE identity IS "
            "NOT NULL AND instr(folded(identity), ?) > 0 "
            "GROUP BY identity ORDER BY identity LIMIT ? OFFSET ?",
            (_folded(text), count, first),
        ).fetchall()


def _folded(name):
    return str(name).casefold()

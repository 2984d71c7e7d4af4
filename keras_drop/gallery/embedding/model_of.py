"""Which model a gallery is of."""

from keras_drop.gallery.embedding.embedder import load_embedder


class ModelOf:
    """The model of a gallery: loaded when first needed, another refused.

    Args:
        store: `Store` of the gallery.
        model: What the user gave, `None` for the one it was made with.

    Example:
    >>> import tempfile
    >>> from keras_drop.gallery.embedding.model_of import ModelOf
    >>> from keras_drop.gallery.storing.store import Store
    >>> store = Store(tempfile.mkdtemp())
    >>> store.create({"model": None})
    >>> ModelOf(store, None).embedder
    Traceback (most recent call last):
    ValueError: This gallery knows no model that could embed an image. ...
    """

    def __init__(self, store, model):
        self._store = store
        self._model = model
        self._embedder = None

    @property
    def embedder(self):
        """The `Embedder`.

        Raises:
            ValueError: There is none, or it is not the gallery's.
        """
        if self._embedder is None:
            told = self._store.about()["model"]
            model = self._model
            if model is None and told is not None:
                model = told["source"]
            if model is None:
                raise ValueError(
                    "This gallery knows no model that could embed an image. "
                    "Open it with the model, `Gallery.open(path, model)`, or "
                    "give `Descriptors`."
                )
            self._embedder = _checked(load_embedder(model), told)
        return self._embedder

    def embed(self, photos):
        """`Descriptors` of a list of images."""
        return self.embedder.embed(photos)

    def map_parts(self, photos):
        """Maps of the parts in a list of images, `None` where there is none.

        A gallery without a model has none either, and is no error.
        """
        if self._model is None and self._store.about()["model"] is None:
            return None
        by = self.embedder.map_parts
        return by(photos) if by is not None and photos else None

    def told_to(self, about):
        """`about` with this model in it, if there was none."""
        embedder = self.embedder
        names = about["part_names"]
        if names is not None and tuple(names) != embedder.part_names:
            raise ValueError(
                f"The gallery has the embeddings {', '.join(names)}; "
                f"{embedder.name} gives {', '.join(embedder.part_names)}. "
                "Make a gallery of its own for it."
            )
        return {
            **about,
            "model": about["model"] or embedder.told,
            "part_names": list(embedder.part_names),
        }


def _checked(embedder, told):
    if told is not None and embedder.checksum != told["checksum"]:
        raise ValueError(
            f"The gallery was made by {told['name']} with the checksum "
            f"{told['checksum'][:12]}; this is {embedder.name} with "
            f"{embedder.checksum[:12]}. Descriptors of two models cannot be "
            "compared: open it with the first, or make another gallery."
        )
    return embedder

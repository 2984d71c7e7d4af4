import numpy as np

from keras_drop.datasets.files.annotations import numbers_or_strings
from keras_drop.embedding.image_columns import OURS
from keras_drop.gallery.storing.store import Store


def fill_gallery(gallery, embedded):
    """Adds embedded images to a gallery, shard by shard.

    What is there is left; it may be stopped and called again.

    Args:
        gallery: `keras_drop.Gallery`.
        embedded: `EmbeddedImages`. Its columns `identity`, `camera`, `time`
            and `path` are the gallery's, the others become its columns. Empty
            values are not told. A gallery that is empty, and was made without
            a model, is of their model from then on.

    Returns:
        Number of images that were added.

    Raises:
        ValueError: The gallery is of another model, a column has the name of
            an argument of `gallery.add`, or what that refuses.

    Example:
    >>> import tempfile
    >>> from PIL import Image
    >>> from keras_drop import Gallery
    >>> from keras_drop.embedding import embed_images, fill_gallery
    >>> from keras_drop.models import GlobalBaseline, resnet18
    >>> folder = tempfile.mkdtemp()
    >>> Image.new("RGB", (16, 32)).save(f"{folder}/a.png")
    >>> model = GlobalBaseline(resnet18((64, 32)), num_identities=3)
    >>> embedded = embed_images(model, [f"{folder}/a.png"], f"{folder}/out")
    >>> gallery = Gallery.create(f"{folder}/shop.gallery", model)
    >>> fill_gallery(gallery, embedded), len(gallery)
    (1, 1)
    """
    told, about = gallery.about["model"], embedded.about
    if told is not None and told["checksum"] != about["checksum"]:
        raise ValueError(
            f"The gallery was made by {told['name']} with the checksum "
            f"{told['checksum'][:12]}; these images were embedded by "
            f"{about['model']} with {about['checksum'][:12]}. Embed them by "
            "the gallery's model."
        )
    before, columns = len(gallery), embedded.columns()
    names = {"identity": "identities", "camera": "cameras", "time": "times"}
    taken = [n for n in ("images", *names.values()) if n in columns]
    if taken:
        raise ValueError(
            f"A column of a gallery cannot be called {taken[0]!r}: `add` has "
            "an argument of that name. Rename it, and embed the images again."
        )
    if told is None and not before:
        model = {"name": about["model"]}
        for name in ("checksum", "part_schema", "source"):
            model[name] = about[name]
        Store(gallery.path).tell({"model": model})
    told = {
        names.get(name, name): _given(values)
        for name, values in columns.items()
        # The same image, embedded in another folder, is the same.
        if name not in OURS
    }
    for descriptors, rows in embedded.shards():
        gallery.add(
            descriptors, **{name: values[rows] for name, values in told.items()}
        )
    return len(gallery) - before


def _given(values):
    """List of numbers if all that are given are some; `None` for the rest."""
    there = np.array([value != "" for value in values.astype(str)], bool)
    given = iter(numbers_or_strings(values[there]).tolist())
    found = [next(given) if known else None for known in there]
    return [None if value != value else value for value in found]

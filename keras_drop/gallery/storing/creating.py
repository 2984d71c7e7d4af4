"""A new gallery: there as a whole, or not at all."""

import contextlib
import dataclasses
import os
import shutil
import tempfile
import uuid
from pathlib import Path

from keras_drop.gallery.storing.store import Store


@contextlib.contextmanager
def new_gallery(path, distance, keep_images, precision="float32"):
    """The folder in which a gallery is made; it gets its name at the end.

    Args:
        path: The folder that it becomes.
        distance: `Distance` of its searches.
        keep_images: Whether thumbnails are kept.
        precision: Of the embeddings: `"float32"` or `"float16"`.

    Raises:
        FileExistsError: There is something at the path.

    Example:
    >>> import tempfile
    >>> from keras_drop.evaluation import Distance
    >>> from keras_drop.gallery.storing.creating import new_gallery
    >>> path = f"{tempfile.mkdtemp()}/shop.gallery"
    >>> with new_gallery(path, Distance(), keep_images=False) as folder:
    ...     (folder / "gallery.sqlite").exists()
    True
    """
    path = Path(path)
    if path.exists():
        raise FileExistsError(
            f"{path} is there already. `Gallery.open` opens a gallery."
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    # Only its owner may look into it: there are pictures of people inside.
    unfinished = Path(tempfile.mkdtemp(prefix=".gallery.", dir=path.parent))
    try:
        Store(unfinished).create(
            {
                "model": None,
                "part_names": None,
                "embedding_size": None,
                "precision": precision,
                "name": uuid.uuid4().hex,
                "distance": dataclasses.asdict(distance),
                "keep_images": bool(keep_images),
                "column_names": [],
            }
        )
        yield unfinished
        os.rename(unfinished, path)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise

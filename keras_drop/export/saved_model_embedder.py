"""`SavedModelEmbedder`: descriptors by an exported model."""

import hashlib
import json
from pathlib import Path

import numpy as np

from keras_drop.descriptors import Descriptors

_DESCRIPTION = Path("assets", "keras_drop.json")


class SavedModelEmbedder:
    """A SavedModel of `export_saved_model` that embeds as the model did.

    TensorFlow runs it, whatever the Keras backend.

    Args:
        folder: The SavedModel.

    Raises:
        FileNotFoundError: There is none.
        ValueError: `export_saved_model` did not write it.

    Example:
    >>> import tempfile
    >>> import numpy as np
    >>> from keras_drop.export import export_saved_model
    >>> from keras_drop.export.saved_model_embedder import SavedModelEmbedder
    >>> from keras_drop.models import GlobalBaseline, resnet18
    >>> model = GlobalBaseline(resnet18((64, 32)), num_identities=3)
    >>> folder = export_saved_model(model, f"{tempfile.mkdtemp()}/reid/1")
    >>> served = SavedModelEmbedder(folder)
    >>> served.embed([np.zeros((80, 40, 3), "uint8")])
    Descriptors(1 images, 1 x 512)
    """

    def __init__(self, folder):
        folder = Path(folder)
        if not (folder / "saved_model.pb").is_file():
            raise FileNotFoundError(
                f"There is no SavedModel in {folder}: it has no "
                "`saved_model.pb`. `export_saved_model` writes one."
            )
        if not (folder / _DESCRIPTION).is_file():
            raise ValueError(
                f"{folder} has no {_DESCRIPTION}, so that nobody knows what "
                "its outputs are: `export_saved_model` did not write it."
            )
        import tensorflow as tf  # Here, since it takes seconds to load.

        described = json.loads((folder / _DESCRIPTION).read_text())
        self.name = described["model"]
        self.part_names = tuple(described["embeddings"])
        self.part_schema = described["part_schema"]
        self.checksum = _checksum(folder)
        self._loaded = tf.saved_model.load(str(folder))
        self._serve = self._loaded.signatures["serving_default"]
        self._constant = tf.constant

    def embed(self, images):
        """`Descriptors` of a list of `(height, width, 3)` uint8 arrays.

        Raises:
            ValueError: No image, or one of another shape or type.
        """
        outputs = [
            self._serve(images=self._constant(_checked(image)[None]))
            for image in images
        ]
        if not outputs:
            raise ValueError("There is no image to embed.")
        embeddings, visibility = (
            np.concatenate([output[name].numpy() for output in outputs])
            for name in ("embeddings", "visibility")
        )
        if ((visibility == 0) | (visibility == 1)).all():
            visibility = visibility.astype(bool)
        return Descriptors(embeddings, visibility, self.part_names)


def _checked(image):
    image = np.asarray(image)
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3:
        raise ValueError(
            "A SavedModel embeds arrays (height, width, 3) of uint8 RGB "
            f"values; this is {image.dtype} of the shape {image.shape}."
        )
    return image


def _checksum(folder):
    """Of the weights: the graph is written in another order each time."""
    found = hashlib.sha256()
    for file in sorted((folder / "variables").iterdir()):
        found.update(file.name.encode())
        with open(file, "rb") as content:
            while block := content.read(1 << 20):
                found.update(block)
    return found.hexdigest()

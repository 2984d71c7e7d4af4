import threading
from pathlib import Path

import numpy as np

from keras_drop.checks import refuse_less_than_1
from keras_drop.data.reading.images import resize_image
from keras_drop.embedding.beam.missing_beam import refuse_missing_beam
from keras_drop.embedding.describe_batches import describe_images
from keras_drop.files.image_file import decode_image, rgb_pixels
from keras_drop.gallery.embedding.embedder import load_embedder

try:
    from apache_beam.ml.inference.base import ModelHandler, PredictionResult
except ImportError:  # Said when one is made.
    ModelHandler = object


class EmbeddingHandler(ModelHandler):
    """A model for `RunInference` of Apache Beam, which embeds in batches.

    It takes images: paths that workers can read, bytes of image files, or
    `(height, width, 3)` arrays of uint8 RGB values. Of each it makes a
    `PredictionResult`, whose `inference` is a dictionary of `embeddings`,
    `(parts, dim)` float32, and `visibility`, `(parts,)` float32, and whose
    `model_id` is the checksum of the weights. A worker loads the model once.

        images | RunInference(EmbeddingHandler("model.keras", batch_size=32))

    Args:
        model: A `.keras` file, the folder of a SavedModel or a preset, where
            workers find it.
        image_size: `(height, width)` that images are resized to; left out,
            the model's.
        batch_size: Images embedded at a time; fewer at the end of a bundle.

    Raises:
        ImportError: Apache Beam is not installed.
    """

    def __init__(self, model, image_size=None, batch_size=64):
        refuse_missing_beam()
        super().__init__()
        refuse_less_than_1(batch_size=batch_size)
        self.model = str(model) if isinstance(model, str | Path) else model
        self.image_size = image_size
        self.batch_size = batch_size

    def load_model(self):
        """The model, and a lock: threads of a worker share it."""
        return _Loaded(load_embedder(self.model))

    def run_inference(self, batch, model, inference_args=None):
        """A `PredictionResult` for each image, in their order."""
        embedder = model.embedder
        size = self.image_size or embedder.image_size
        images = [_pixels(image) for image in batch]
        if size is not None:
            images = np.stack([resize_image(image, size) for image in images])
        with model.lock:
            found = describe_images(embedder, [images])
        visibility = found.visibility.astype("float32")
        return [
            PredictionResult(
                image,
                {"embeddings": embeddings, "visibility": seen},
                embedder.checksum,
            )
            for image, embeddings, seen in zip(
                batch, found.embeddings, visibility, strict=True
            )
        ]

    def batch_elements_kwargs(self):
        """How Beam makes batches: of one size, which compiles once."""
        return {
            "min_batch_size": self.batch_size,
            "max_batch_size": self.batch_size,
        }

    def get_num_bytes(self, batch):
        """Bytes of the images as they come."""
        return sum(getattr(image, "nbytes", len(image)) for image in batch)

    def get_metrics_namespace(self):
        """Where Beam shows its counters."""
        return "keras_drop"


class _Loaded:
    def __init__(self, embedder):
        self.embedder, self.lock = embedder, threading.Lock()


def _pixels(image):
    if isinstance(image, np.ndarray):
        return image
    if isinstance(image, bytes):
        return decode_image(image, rgb_pixels, "An image")
    from keras_drop.embedding.beam.files import read_file

    return decode_image(read_file(image), rgb_pixels, str(image))

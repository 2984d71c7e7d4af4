"""Descriptors of millions of images, in a folder: stopped and taken up."""

from keras_drop.embedding.embed_images import embed_images
from keras_drop.embedding.embedded_images import EmbeddedImages
from keras_drop.embedding.fill_gallery import fill_gallery
from keras_drop.embedding.image_columns import image_columns, read_columns
from keras_drop.embedding.storage import Storage

__all__ = [
    "EmbeddedImages",
    "Storage",
    "embed_images",
    "fill_gallery",
    "image_columns",
    "read_columns",
]

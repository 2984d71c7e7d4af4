"""The same by Apache Beam, on many machines.

`pip install 'keras_drop[beam]'`, in an environment of its own.
"""

from keras_drop.embedding.beam.embed_with_beam import embed_with_beam
from keras_drop.embedding.beam.embedding_handler import EmbeddingHandler

__all__ = ["EmbeddingHandler", "embed_with_beam"]

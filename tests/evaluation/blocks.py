"""Distances in blocks of other sizes, on which no result may depend."""

from unittest import mock

from keras_drop.evaluation.distances import streaming


def blocks_of(queries, gallery=streaming._GALLERY_CHUNK):
    """Context in which so many queries and gallery images are streamed."""
    return mock.patch.multiple(
        streaming, _QUERY_BLOCK=queries, _GALLERY_CHUNK=gallery
    )

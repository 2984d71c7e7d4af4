import numpy as np
import pytest

from keras_drop import Descriptors
from keras_drop.evaluation.distances import factor_tiles, streaming
from keras_drop.evaluation.distances.factor_tiles import FactorTiles
from keras_drop.evaluation.distances.part_distances import PartDistances
from keras_drop.evaluation.distances.streaming import stream_distances
from tests.evaluation.blocks import blocks_of

pytestmark = pytest.mark.backend_neutral


def drawn(num_query=700, num_gallery=9000):
    rng = np.random.default_rng(4)
    return PartDistances(
        *(
            Descriptors(rng.standard_normal((n, 2, 3), "float32"))
            for n in (num_query, num_gallery)
        ),
        np.arange(num_query),
        np.arange(num_gallery),
    )


def streamed(distances, query_block=256, gallery_chunk=9000, most=None):
    out, widest = np.zeros(distances.shape, "float32"), []

    def start(rows):
        def add(values, first):
            widest.append(values.shape[1])
            out[rows, first : first + values.shape[1]] = values

        return add

    with blocks_of(query_block, gallery_chunk):
        stream_distances(distances, start, most)
    return out, max(widest)


def test_every_distance_comes_once_in_its_place():
    distances = drawn()
    whole = distances.block(np.arange(700), np.arange(9000))
    out, widest = streamed(distances, 99, 1234)
    np.testing.assert_array_equal(out, whole)
    assert widest == 1234
    assert streamed(distances, most=512)[1] == 512


def test_what_is_made_of_the_gallery_is_made_once(monkeypatch):
    # Room for two of the five tiles of the gallery.
    monkeypatch.setattr(factor_tiles, "_KEPT", 2 * 4 * 2048 * 2 * (3 + 2))
    made, make = [], FactorTiles._make

    def counted(tiles, number):
        if tiles.tile == 2048:
            made.append(number)
        return make(tiles, number)

    monkeypatch.setattr(FactorTiles, "_make", counted)
    _, widest = streamed(drawn())
    assert widest == 4096
    assert sorted(made) == [0, 1, 2, 3, 4]


def test_chunks_are_smaller_where_many_threads_hold_them(monkeypatch):
    monkeypatch.setattr(streaming, "num_threads", lambda: 24)
    monkeypatch.setattr(streaming, "_DISTANCES", 48 * 256 * 2100)
    assert streamed(drawn())[1] == 2048


def test_a_thread_that_waits_for_a_tile_hears_of_its_failure(monkeypatch):
    def fail(tiles, number):
        raise OSError("The file of the embeddings is gone.")

    monkeypatch.setattr(FactorTiles, "_make", fail)
    with pytest.raises(OSError, match="is gone"):
        streamed(drawn())

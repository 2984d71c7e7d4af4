import numpy as np
import pytest
from PIL import Image

from keras_drop.data import parse_images
from tests.data.networks import ColourSegmenter

pytestmark = pytest.mark.backend_neutral


def save(path, parts):
    grey = np.asarray(parts, "uint8")[..., None] * np.uint8(10)
    Image.fromarray(np.repeat(grey, 3, axis=2)).save(path)
    return path


def test_images_of_many_sizes(tmp_path):
    parts = [np.zeros((8, 4), int), np.zeros((17, 9), int)] * 2
    parts[0][:4], parts[1][9:] = 2, 3
    paths = [save(tmp_path / f"{i}.png", p) for i, p in enumerate(parts)]
    network = ColourSegmenter()
    found = [*parse_images(network, paths, (8, 4), batch_size=3)]
    assert [x.shape for x in found] == [(8, 4), (17, 9)] * 2
    assert {x.dtype.name for x in found} == {"uint8"}
    np.testing.assert_array_equal(found[0], parts[0])
    assert (found[1][:7] == 0).all()
    assert (found[1][11:] == 3).all()
    # Two batches of one shape: the model is compiled once.
    assert network.shapes == [(3, 8, 4, 3)] * 2


def test_logits_are_resized_before_the_highest_counts(tmp_path):
    """One cell of a part among others has round corners, and is no square."""
    parts = np.zeros((32, 16), int)
    parts[16:20, 8:12] = 1
    path = save(tmp_path / "a.png", parts)
    found = next(parse_images(ColourSegmenter(stride=4), [path], (32, 16)))
    assert found[16:20, 8:12].tolist() == [
        [0, 1, 1, 0],
        [1, 1, 1, 1],
        [1, 1, 1, 1],
        [0, 1, 1, 0],
    ]
    assert found.sum() == 12


def test_what_cannot_be_read_comes_as_its_error(tmp_path):
    (tmp_path / "b.png").write_bytes(b"broken")
    good = save(tmp_path / "a.png", np.ones((8, 4)))
    paths = [tmp_path / "gone.png", good, tmp_path / "b.png"]
    found = [*parse_images(ColourSegmenter(), paths, (8, 4))]
    assert isinstance(found[0], FileNotFoundError)
    assert (found[1] == 1).all()
    assert "b.png cannot be decoded" in str(found[2])


def test_no_images():
    assert [*parse_images(ColourSegmenter(), [], (8, 4))] == []

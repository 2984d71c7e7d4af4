import pytest

from keras_drop.datasets import read_partial_reid
from tests.datasets.folders import save_image
from tests.datasets.miniatures import MINIATURES

pytestmark = pytest.mark.backend_neutral


@pytest.fixture
def root(tmp_path):
    MINIATURES["partial_reid_uncropped"].make(tmp_path)
    return MINIATURES["partial_reid_cropped"].make(tmp_path)


def test_the_queries_are_named(root):
    for query, folder in (
        ("cropped", "partial_body_images"),
        ("uncropped", "occluded_body_images"),
    ):
        splits = read_partial_reid(root, query=query)
        assert all(f"/{folder}/" in path for path in splits["query"].paths)
        assert all("/whole_body_" in path for path in splits["gallery"].paths)
    with pytest.raises(TypeError, match=r"'query'"):
        read_partial_reid(root)
    with pytest.raises(
        ValueError, match=r"'cropped', 'uncropped'; got 'partial'"
    ):
        read_partial_reid(root, query="partial")


@pytest.mark.parametrize(
    ("name", "identity"),
    [
        ("061_004.jpg", 61),
        ("06104.jpg", 61),
        ("061.JPG", 61),
        ("1061_2.jpg", 1061),
    ],
)
def test_number_before_the_underscore_or_three_digits(root, name, identity):
    save_image(root / "whole_body_images" / name)
    gallery = read_partial_reid(root, query="cropped")["gallery"]
    assert identity in gallery.identities


def test_occluded_reid_is_not_taken_for_it(tmp_path):
    root = MINIATURES["occluded_reid"].make(tmp_path)
    with pytest.raises(
        FileNotFoundError, match=r"It looks like Occluded-REID or"
    ):
        read_partial_reid(root, query="cropped")
    with pytest.raises(ValueError, match=r"occluded_body_images/002"):
        read_partial_reid(root, query="uncropped")

import dataclasses

import pytest

from keras_drop import Gallery
from keras_drop.embedding import Storage, embed_images, fill_gallery
from tests.embedding.photos import describe, embedder, make_photos

pytestmark = pytest.mark.backend_neutral


def test_what_was_told_comes_along(tmp_path):
    paths, photos = make_photos(tmp_path / "photos", 11)
    bright = next(k for k in range(11) if describe(photos[k])[1].all())
    embedded = embed_images(
        embedder(),
        {
            "path": paths,
            "identity": ["ben" if k == bright else "" for k in range(11)],
            "camera": range(11),
            "time": [k if k == bright else None for k in range(11)],
            "shop": ["south"] * 11,
            "visibility": [0.5] * 11,
        },
        tmp_path / "out",
        storage=Storage(images_each=4),
    )
    gallery = Gallery.create(tmp_path / "shop.gallery", embedder())
    assert fill_gallery(gallery, embedded) == len(gallery) == 11
    assert fill_gallery(gallery, embedded) == 0
    hit = gallery.search(photos[bright], k=1, where={"shop": "south"})[0]
    assert len(gallery.search(photos[0], where={"visibility": (0.6, 1)})) == 0
    assert (hit.identity, hit.camera, hit.time) == ("ben", bright, bright)
    assert hit.path == paths[bright] and hit.distance == pytest.approx(
        0, abs=1e-3
    )
    assert hit.columns == {"shop": "south", "visibility": 0.5}
    assert len(gallery.search(photos[0], k=20, where={"identity": None})) == 10


def test_another_model_is_refused(tmp_path):
    paths, _ = make_photos(tmp_path / "photos", 1)
    embedded = embed_images(embedder(), paths, tmp_path / "out")
    other = dataclasses.replace(embedder(), checksum="1" * 64)
    gallery = Gallery.create(tmp_path / "shop.gallery", other)
    with pytest.raises(ValueError, match="by Means with 000000000000"):
        fill_gallery(gallery, embedded)
    assert len(gallery) == 0


def test_an_empty_gallery_takes_their_model(tmp_path):
    paths, _ = make_photos(tmp_path / "photos", 2)
    embedded = embed_images(embedder(), paths, tmp_path / "out")
    other = dataclasses.replace(embedder(), checksum="1" * 64)
    gallery = Gallery.create(tmp_path / "shop.gallery")
    assert fill_gallery(gallery, embedded) == 2
    assert gallery.about["model"] == embedder().told
    with pytest.raises(ValueError, match="two models cannot be compared"):
        Gallery.open(gallery.path, other).add(paths)


@pytest.mark.parametrize("name", ["images", "identities"])
def test_a_column_called_like_an_argument_is_refused(tmp_path, name):
    paths, _ = make_photos(tmp_path / "photos", 1)
    told = {"path": paths, "identity": ["anna"], name: ["ben"]}
    embedded = embed_images(embedder(), told, tmp_path / "out")
    gallery = Gallery.create(tmp_path / "shop.gallery", embedder())
    with pytest.raises(ValueError, match=f"cannot be called '{name}'"):
        fill_gallery(gallery, embedded)
    assert len(gallery) == 0

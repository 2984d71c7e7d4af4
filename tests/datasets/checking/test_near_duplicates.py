import numpy as np
import pytest
from PIL import Image

from keras_drop import Records
from keras_drop.datasets import check_splits
from keras_drop.datasets.checking import near_duplicates
from keras_drop.datasets.checking.near_duplicates import near_pairs
from tests.datasets.checking.test_image_checks import picture

pytestmark = pytest.mark.backend_neutral


def slow_pairs(thumbnails, others):
    pairs = []
    for i, a in enumerate(thumbnails.astype(float)):
        for j, b in enumerate(others.astype(float)):
            lighter = [x[:, 1:] > x[:, :-1] for x in (a, b)]
            differ = (lighter[0] != lighter[1]).sum()
            if differ <= 7 and np.corrcoef(a.ravel(), b.ravel())[0, 1] >= 0.98:
                pairs.append([i, j])
    return pairs


@pytest.mark.parametrize("chunk", [1, 7, 2**18])
def test_pairs_are_those_of_comparing_all(chunk, monkeypatch):
    monkeypatch.setattr(near_duplicates, "_CHUNK", chunk)
    rng = np.random.default_rng(0)
    first = rng.integers(20, 200, (12, 16, 9)).astype("uint8")
    first[5] = first[4]
    changed = []
    for strength in (0, 2, 4, 8, 60):
        noise = rng.normal(0, strength, first.shape)
        changed.append((first * 1.2 + noise).clip(0, 255).astype("uint8"))
    others = np.concatenate(changed)
    expected = slow_pairs(first, others)
    assert 20 < len(expected) < 60
    assert near_pairs(first, others).tolist() == expected
    assert near_pairs(first[:0], others).shape == (0, 2)


def save(path, seed, **changes):
    image = picture(seed)
    if "size" in changes:
        image = image.resize(changes["size"], Image.Resampling.LANCZOS)
    if "lighter" in changes:
        image = Image.eval(image, lambda value: min(value + 20, 255))
    path.parent.mkdir(exist_ok=True)
    image.save(path, quality=changes.get("quality", 95))
    return str(path)


def pairs(train, test):
    splits = {
        name: Records(paths, range(len(paths)), [0] * len(paths))
        for name, paths in (("train", train), ("gallery", test))
    }
    return [
        finding.items
        for finding in check_splits(splits, shared_numbers=False)
        if finding.kind == "near_duplicate"
    ]


def test_images_stored_anew(tmp_path):
    test = [save(tmp_path / "test" / f"{n}.jpg", n) for n in range(5)]
    train = [
        save(tmp_path / "train" / "small.jpg", 0, size=(32, 64)),
        save(tmp_path / "train" / "coarse.jpg", 1, quality=60),
        save(tmp_path / "train" / "light.png", 2, lighter=True),
        save(tmp_path / "train" / "same.jpg", 3),  # `image_overlap`
        save(tmp_path / "train" / "other.jpg", 9),
    ]
    (found,) = pairs(train, test)
    assert sorted(found) == sorted(zip(train[:3], test[:3]))


def test_empty_pictures_are_not_alike(tmp_path):
    for name, colour in (("a", 9), ("b", 10)):
        Image.new("RGB", (48, 96), (colour,) * 3).save(tmp_path / f"{name}.png")
    assert not pairs([str(tmp_path / "a.png")], [str(tmp_path / "b.png")])

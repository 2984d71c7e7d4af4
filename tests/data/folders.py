"""Small data sets on disk, made up of noise."""

import numpy as np
from PIL import Image

from keras_drop import Records


def make_records(
    folder, num_people=4, images_per_identity=5, label_format=None
):
    """`Records` of images of different sizes, with a label each or none."""
    rng = np.random.default_rng(0)
    paths, labels, identities = [], [], []
    for person in range(num_people):
        for number in range(images_per_identity):
            size = tuple(rng.integers(20, 40, 2).tolist())
            path = folder / f"{person}_{number}.png"
            save_noise(path, size, rng)
            label = folder / f"{person}_{number}_label"
            if label_format == "pifpaf36":
                label = label.with_suffix(".npy")
                np.save(label, rng.random((36, 5, 3), "float32") ** 6)
            elif label_format == "densepose14":
                label = label.with_suffix(".png")
                ids = rng.integers(0, 15, size).astype("uint8")
                Image.fromarray(ids).save(label)
            paths.append(str(path))
            labels.append(str(label) if label_format else "")
            identities.append(10 * person + 3)
    return Records(paths, identities, np.zeros(len(paths), int), labels)


def save_noise(path, size=(8, 4), rng=None):
    rng = rng or np.random.default_rng(0)
    pixels = rng.integers(0, 256, (*size, 3)).astype("uint8")
    Image.fromarray(pixels).save(path)

"""A made-up data set in the layout of Occluded-Duke."""

import numpy as np
from PIL import Image

FILES = {
    "bounding_box_train": (
        "0001_c2_f0046182.jpg",
        "0001_c3_f0046190.jpg",
        "0004_c8_f0000001.jpg",
    ),
    "query": ("0002_c1_f0000010.jpg", "0003_c5_f0000020.jpg"),
    "bounding_box_test": (
        "0002_c1_f0000010.jpg",
        "0002_c7_f0000011.jpg",
        "0003_c6_f0000021.jpg",
        "0009_c1_f0000030.jpg",
    ),
}
SIZE = 12, 6


def make_occluded_duke(root):
    """Writes the files; equal names get equal pixels."""
    for folder, names in FILES.items():
        (root / folder).mkdir(parents=True)
        for name in names:
            save_image(root / folder / name, seed=int(name[-8:-4]))
    return root


def save_image(path, seed=0, size=SIZE):
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 256, (*size, 3)).astype("uint8")
    Image.fromarray(pixels).save(path)


def make_labels(folder, label_format="pifpaf36"):
    """Writes a parsing label for every training image."""
    (folder / "bounding_box_train").mkdir(parents=True)
    for name in FILES["bounding_box_train"]:
        target = folder / "bounding_box_train" / name
        if label_format == "pifpaf36":
            fields = np.zeros((36, 5, 3), "float32")
            np.save(f"{target}.confidence_fields.npy", fields)
        else:
            ids = np.zeros(SIZE, "uint8")
            Image.fromarray(ids).save(target.with_suffix(".png"))
    return folder

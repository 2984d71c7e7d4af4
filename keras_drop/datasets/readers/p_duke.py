"""P-DukeMTMC-reID: its file names, and those of its parsing labels."""

import warnings
from pathlib import Path

import numpy as np

from keras_drop.datasets.data_set import DataSet, declare
from keras_drop.datasets.files.fake_cameras import (
    GALLERY,
    QUERY,
    read_fake_cameras,
)
from keras_drop.datasets.files.image_folders import find_folders
from keras_drop.datasets.files.image_names import ImageNames
from keras_drop.datasets.labels.parsing_files import ParsingFiles
from keras_drop.datasets.readers.dukemtmc import DUKE_NAME

_FOLDERS = (
    "train/occluded_body_images",
    "train/whole_body_images",
    "test/occluded_body_images",
    "test/whole_body_images",
)
_NAMES = ImageNames("P-DukeMTMC-reID", DUKE_NAME, "0001_c2_f0046182.jpg")


def read_p_duke(root, parsing_dir=None, label_format="pifpaf36"):
    """Reads the file names of P-DukeMTMC-reID; opens no image.

    Queries are the occluded test images, the gallery is the whole-body ones;
    both kinds are trained on. The cameras of the file names are not used, so
    that matches of the query's own camera count, as in the publications:
    occluded images have camera 0, whole-body ones camera 1.

    Args:
        root: The folder that holds `train` and `test`, each with
            `occluded_body_images` and `whole_body_images`, or the one above
            it; in any capitalisation. Images lie in them, or in one folder a
            person.
        parsing_dir: Folder of the parsing labels, with the same folders
            without those of the people; or the `masks` folder of BPBReID
            above it.
        label_format: A name of `LABEL_FORMATS`, such as `"pifpaf36"` for
            `<name>.npy` or `"densepose14"` for `<name>.png`.

    Returns:
        Dictionary of `Records` for `"train"`, `"query"` and `"gallery"`;
        identities as in the file names. Rows are sorted by file name, in
        training those of the occluded images first. Training identities
        without a whole-body image are a warning.

    Raises:
        FileNotFoundError: A folder that is missing or empty, or no label for
            any training image.
        ValueError: A file name of another data set, an unknown label format.

    Example:
    >>> from keras_drop.datasets import read_p_duke
    >>> import os, tempfile
    >>> root = tempfile.mkdtemp()
    >>> for split in ("train", "test"):
    ...     for kind in ("occluded_body_images", "whole_body_images"):
    ...         os.makedirs(f"{root}/{split}/{kind}/0001")
    ...         open(f"{root}/{split}/{kind}/0001/0001_c2_f0046182.jpg",
    ...             "w").close()
    >>> read_p_duke(root)["train"].cameras.tolist()
    [0, 1]

    Reference:
        [Zhuo et al., 2018](https://arxiv.org/abs/1804.02792)
    """
    labels = ParsingFiles(parsing_dir, label_format)
    folders = find_folders(
        Path(root), _NAMES.data_set, [_FOLDERS], ("P-DukeMTMC-reID",)
    )
    occluded, whole, query, gallery = (
        {folder: (camera, name)}
        for folder, camera, name in zip(
            folders, (QUERY, GALLERY, QUERY, GALLERY), _FOLDERS
        )
    )
    train = read_fake_cameras(
        occluded | whole, _NAMES, labels, nested=True, required=True
    )
    _warn_of_occluded_only(train)
    return {
        "train": train,
        "query": read_fake_cameras(query, _NAMES, labels, nested=True),
        "gallery": read_fake_cameras(gallery, _NAMES, labels, nested=True),
    }


def _warn_of_occluded_only(train):
    whole = train.cameras == GALLERY
    only = np.setdiff1d(train.identities[~whole], train.identities[whole])
    if only.size:
        warnings.warn(
            f"{only.size} training identities have occluded images and no "
            f"whole-body one: {', '.join(map(str, only))}. Files are missing, "
            "or lie in the wrong folder.",
            stacklevel=3,
        )


_PATHS = [
    f"{folder}/{{identity:04}}/{{identity:04}}_c{{camera}}_f{{number:07}}.jpg"
    for folder in _FOLDERS
]
declare(
    DataSet(
        "p_duke",
        read_p_duke,
        _NAMES,
        {
            "train": tuple(_PATHS[:2]),
            "query": (_PATHS[2],),
            "gallery": (_PATHS[3],),
        },
        "P-DukeMTMC-reID",
        # The numbers of the splits are not sure, 665 / 12,927, 634 / 2,163
        # and 634 / 9,053.
        {"all": (1_299, 24_143)},
        camera_mode="fake",
    )
)

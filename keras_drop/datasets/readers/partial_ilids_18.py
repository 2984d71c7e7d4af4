"""Partial-iLIDS of 2018: its file names, and those of its parsing labels."""

from pathlib import Path

import numpy as np

from keras_drop.datasets.data_set import DataSet, declare
from keras_drop.datasets.files.fake_cameras import read_query_and_gallery
from keras_drop.datasets.files.image_folders import find_folders
from keras_drop.datasets.files.image_names import ImageNames
from keras_drop.datasets.labels.parsing_files import ParsingFiles

_LAYOUTS = (
    ("Probe", "Gallery"),
    ("partial_body_images", "whole_body_images"),
    ("query", "gallery"),
)
_NAMES = ImageNames(
    "Partial-iLIDS of 2018",
    r"(?P<identity>\d{3})(_\d+)?\.(jpe?g|png|bmp)",
    "001.jpg",
)


def read_partial_ilids_18(root, parsing_dir=None, label_format="pifpaf36"):
    """Reads the file names of the Partial-iLIDS of 2018; opens no image.

    It has one image of each of 119 people on each side, so that results with
    one and with all gallery images of a person are the same. The set of 2019
    is another one. There are no training images and no cameras: queries have
    camera 0, the gallery camera 1.

    Args:
        root: The folder that holds `Probe` and `Gallery`, or
            `partial_body_images` and `whole_body_images`, or the one above
            it; in any capitalisation.
        parsing_dir: Folder of the parsing labels, with folders named like
            those of the images; or the `masks` folder of BPBReID above it.
        label_format: A name of `LABEL_FORMATS`, such as `"pifpaf36"` for
            `<name>.npy` or `"densepose14"` for `<name>.png`.

    Returns:
        Dictionary of `Records` for `"query"` and `"gallery"`, rows sorted by
        file name, which is the identity.

    Raises:
        FileNotFoundError: A folder that is missing or empty.
        ValueError: A file name of another data set, two images of one person
            on one side, an unknown label format.

    Example:
    >>> from keras_drop.datasets import read_partial_ilids_18
    >>> import os, tempfile
    >>> root = tempfile.mkdtemp()
    >>> for folder in ("Probe", "Gallery"):
    ...     os.mkdir(f"{root}/{folder}")
    ...     open(f"{root}/{folder}/017.jpg", "w").close()
    >>> read_partial_ilids_18(root)["gallery"].identities.tolist()
    [17]

    Reference:
        [He et al., 2018](https://arxiv.org/abs/1801.00881)
    """
    labels = ParsingFiles(parsing_dir, label_format)
    query, gallery = find_folders(
        Path(root), _NAMES.data_set, _LAYOUTS, ("Partial_iLIDS",)
    )
    splits = read_query_and_gallery(query, gallery, _NAMES, labels)
    for folder, records in zip((query, gallery), splits.values()):
        people, images = np.unique(records.identities, return_counts=True)
        if images.max() > 1:
            raise ValueError(
                f"{folder} has {images.max()} images of person "
                f"{people[images.argmax()]}; {_NAMES.data_set} has one of "
                "each. This is another data set, such as Partial-REID."
            )
    return splits


declare(
    DataSet(
        "partial_ilids_18",
        read_partial_ilids_18,
        _NAMES,
        {
            split: (f"{folder}/{{identity:03}}.jpg",)
            for split, folder in zip(("query", "gallery"), _LAYOUTS[0])
        },
        "Partial_iLIDS",
        {"query": (119, 119), "gallery": (119, 119)},
        camera_mode="fake",
    )
)

"""Partial-REID: its file names, and those of its parsing labels."""

import functools
from pathlib import Path

from keras_drop.checks import checked_choice
from keras_drop.datasets.data_set import DataSet, declare
from keras_drop.datasets.files.fake_cameras import read_query_and_gallery
from keras_drop.datasets.files.image_folders import find_folders
from keras_drop.datasets.files.image_names import ImageNames
from keras_drop.datasets.labels.parsing_files import ParsingFiles

_QUERIES = {
    "cropped": "partial_body_images",
    "uncropped": "occluded_body_images",
}
# The identity is the number before `_`, or the first three digits.
_NAMES = ImageNames(
    "Partial-REID",
    r"(?P<identity>\d+(?=_)|\d{3})_?\d*\.(jpe?g|png|bmp)",
    "001_003.jpg",
)


def read_partial_reid(
    root, parsing_dir=None, label_format="pifpaf36", *, query
):
    """Reads the file names of Partial-REID; opens no image.

    Publications use one of two sets of queries, and their results cannot be
    compared: which of them it is has to be said. The data set has no training
    images and tells no cameras: queries have camera 0, the gallery camera 1.

    Args:
        root: The folder that holds `whole_body_images` and that of the
            queries, or the one above it; in any capitalisation.
        parsing_dir: Folder of the parsing labels, with folders named like
            those of the images; or the `masks` folder of BPBReID above it.
        label_format: A name of `LABEL_FORMATS`, such as `"pifpaf36"` for
            `<name>.npy` or `"densepose14"` for `<name>.png`.
        query: `"cropped"` for the queries of `partial_body_images`, which
            show the visible part of the person alone; `"uncropped"` for those
            of `occluded_body_images`, with the obstacle.

    Returns:
        Dictionary of `Records` for `"query"` and `"gallery"`, rows sorted by
        file name; identities as in the file names.

    Raises:
        FileNotFoundError: A folder that is missing or empty.
        ValueError: Other queries, a file name of another data set, an unknown
            label format.

    Example:
    >>> from keras_drop.datasets import read_partial_reid
    >>> import os, tempfile
    >>> root = tempfile.mkdtemp()
    >>> for folder in ("partial_body_images", "whole_body_images"):
    ...     os.mkdir(f"{root}/{folder}")
    ...     open(f"{root}/{folder}/012_001.jpg", "w").close()
    >>> read_partial_reid(root, query="cropped")["query"].identities.tolist()
    [12]

    Reference:
        [Zheng et al., 2015](https://doi.org/10.1109/ICCV.2015.531)
    """
    checked_choice("query", query, _QUERIES)
    labels = ParsingFiles(parsing_dir, label_format)
    folders = find_folders(
        Path(root),
        _NAMES.data_set,
        [(_QUERIES[query], "whole_body_images")],
        ("Partial-REID_Dataset", "Partial_REID"),
    )
    return read_query_and_gallery(*folders, _NAMES, labels)


declare(
    *(
        DataSet(
            f"partial_reid_{query}",
            functools.partial(read_partial_reid, query=query),
            _NAMES,
            {
                "query": (f"{folder}/{{identity:03}}_{{number:03}}.jpg",),
                "gallery": ("whole_body_images/{identity:03}_{number:03}.jpg",),
            },
            "Partial-REID_Dataset",
            {"query": (60, 300), "gallery": (60, 300)},
            camera_mode="fake",
            differs="other images are the queries",
        )
        for query, folder in _QUERIES.items()
    )
)

"""Occluded-REID: its file names, and those of its parsing labels."""

from pathlib import Path

from keras_drop.datasets.data_set import DataSet, declare
from keras_drop.datasets.files.fake_cameras import read_query_and_gallery
from keras_drop.datasets.files.image_folders import find_folder, find_folders
from keras_drop.datasets.files.image_names import ImageNames
from keras_drop.datasets.labels.parsing_files import ParsingFiles

_LAYOUTS = (
    ("occluded_body_images", "whole_body_images"),
    ("query", "gallery"),
)
_NAMES = ImageNames(
    "Occluded-REID",
    r"(?P<identity>\d+)_\d+\.(tiff?|jpe?g|png)",
    "001_03.tif",
)


def read_occluded_reid(root, parsing_dir=None, label_format="pifpaf36"):
    """Reads the file names of Occluded-REID; opens no image.

    Queries are the occluded images, the gallery is the whole-body ones. The
    data set has no training images and tells no cameras: the second number of
    a file name is that of the image. Queries have camera 0, the gallery
    camera 1, so that no match is lost to the junk rule. The layout with the
    folders `query` and `gallery` is read too.

    Args:
        root: The folder that holds `occluded_body_images` and
            `whole_body_images`, or the one above it; in any capitalisation.
            Images lie in them, or in one folder a person.
        parsing_dir: Folder of the parsing labels, with folders named like the
            two, without those of the people; or the `masks` folder of BPBReID
            above it.
        label_format: A name of `LABEL_FORMATS`, such as `"pifpaf36"` for
            `<name>.npy` or `"densepose14"` for `<name>.png`.

    Returns:
        Dictionary of `Records` for `"query"` and `"gallery"`, rows sorted by
        file name; identities as in the file names.

    Raises:
        FileNotFoundError: A folder that is missing or empty.
        ValueError: The folder or a file name of another data set, an unknown
            label format.

    Example:
    >>> from keras_drop.datasets import read_occluded_reid
    >>> import os, tempfile
    >>> root = tempfile.mkdtemp()
    >>> for folder in ("occluded_body_images", "whole_body_images"):
    ...     os.makedirs(f"{root}/{folder}/001")
    ...     open(f"{root}/{folder}/001/001_03.tif", "w").close()
    >>> splits = read_occluded_reid(root)
    >>> [records.cameras.tolist() for records in splits.values()]
    [[0], [1]]

    Reference:
        [Zhuo et al., 2018](https://arxiv.org/abs/1804.02792)
    """
    labels = ParsingFiles(parsing_dir, label_format)
    query, gallery = find_folders(
        Path(root), _NAMES.data_set, _LAYOUTS, ("Occluded_REID",)
    )
    if find_folder(query.parent, "partial_body_images"):
        raise ValueError(
            f"{query.parent} has a folder partial_body_images, as Partial-REID "
            "has and Occluded-REID has not. Read it with `read_partial_reid`."
        )
    return read_query_and_gallery(query, gallery, _NAMES, labels, nested=True)


declare(
    DataSet(
        "occluded_reid",
        read_occluded_reid,
        _NAMES,
        {
            split: (
                f"{folder}/{{identity:03}}/{{identity:03}}_{{number:02}}.tif",
            )
            for split, folder in zip(("query", "gallery"), _LAYOUTS[0])
        },
        "Occluded_REID",
        {"query": (200, 1_000), "gallery": (200, 1_000)},
        camera_mode="fake",
    )
)

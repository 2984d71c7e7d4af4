"""Partial-iLIDS of 2019: its file names, and those of its parsing labels."""

from pathlib import Path

from keras_drop.datasets.data_set import DataSet, declare
from keras_drop.datasets.files.fake_cameras import read_query_and_gallery
from keras_drop.datasets.files.image_folders import find_folders
from keras_drop.datasets.files.image_names import ImageNames
from keras_drop.datasets.labels.parsing_files import ParsingFiles

_LAYOUTS = (("Probe", "Gallery"), ("query", "gallery"))
_NAMES = ImageNames(
    "Partial-iLIDS of 2019",
    r"(?P<identity>\d{4})[\d_]*\.(jpe?g|png|bmp|tiff?)",
    "0001001.jpg",
)


def read_partial_ilids_19(root, parsing_dir=None, label_format="pifpaf36"):
    """Reads the file names of the Partial-iLIDS of 2019; opens no image.

    It has 238 images on each side, of 107 people, and of two more in the
    gallery. The set of 2018 is another one. There are no training images and
    no cameras: queries have camera 0, the gallery camera 1.

    Args:
        root: The folder that holds `Probe` and `Gallery`, or the one above
            it; in any capitalisation.
        parsing_dir: Folder of the parsing labels, with folders named like
            those of the images; or the `masks` folder of BPBReID above it.
        label_format: A name of `LABEL_FORMATS`, such as `"pifpaf36"` for
            `<name>.npy` or `"densepose14"` for `<name>.png`.

    Returns:
        Dictionary of `Records` for `"query"` and `"gallery"`, rows sorted by
        file name, whose first four digits are the identity.

    Raises:
        FileNotFoundError: A folder that is missing or empty.
        ValueError: A file name of another data set, an unknown label format.

    Example:
    >>> from keras_drop.datasets import read_partial_ilids_19
    >>> import os, tempfile
    >>> root = tempfile.mkdtemp()
    >>> for folder in ("Probe", "Gallery"):
    ...     os.mkdir(f"{root}/{folder}")
    ...     open(f"{root}/{folder}/0017002.jpg", "w").close()
    >>> read_partial_ilids_19(root)["query"].identities.tolist()
    [17]

    Reference:
        [He et al., 2019](https://arxiv.org/abs/1904.04975)
    """
    labels = ParsingFiles(parsing_dir, label_format)
    folders = find_folders(
        Path(root), _NAMES.data_set, _LAYOUTS, ("PartialILIDS",)
    )
    return read_query_and_gallery(*folders, _NAMES, labels)


declare(
    DataSet(
        "partial_ilids_19",
        read_partial_ilids_19,
        _NAMES,
        {
            split: (f"{folder}/{{identity:04}}{{number:03}}.jpg",)
            for split, folder in zip(("query", "gallery"), _LAYOUTS[0])
        },
        "PartialILIDS",
        {"query": (107, 238), "gallery": (109, 238)},
        camera_mode="fake",
    )
)

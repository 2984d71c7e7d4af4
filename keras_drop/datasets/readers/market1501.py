"""Market-1501: its file names, and those of its parsing labels."""

import functools
from pathlib import Path

from keras_drop.datasets.data_set import DataSet, declare
from keras_drop.datasets.files.image_folders import find_folder, list_files
from keras_drop.datasets.files.image_names import ImageNames
from keras_drop.datasets.files.market_layout import (
    MARKET_FOLDERS,
    read_market_layout,
)
from keras_drop.datasets.labels.parsing_files import ParsingFiles
from keras_drop.records import Records

_NAMES = ImageNames(
    "Market-1501",
    r"(?P<identity>-1|\d{4})_c(?P<camera>[1-6])s\d_.*\.jpg",
    "0002_c1s1_000451_03.jpg",
)


def read_market1501(
    root, parsing_dir=None, label_format="pifpaf36", distractors=False
):
    """Reads the file names of Market-1501; opens no image.

    Images of identity `-1` (junk) are left out; those of identity `0`
    (distractors) stay in the gallery and match no query.

    Args:
        root: The folder that holds `bounding_box_train`, `query` and
            `bounding_box_test`, or the one above it; in any capitalisation.
        parsing_dir: Folder of the parsing labels, with folders named like
            those of the images; or the `masks` folder of BPBReID above it.
        label_format: A name of `LABEL_FORMATS`, such as `"pifpaf36"` for
            `<name>.npy` or `"densepose14"` for `<name>.png`.
        distractors: Whether the 500,000 further distractors, of the folder
            `images` beside the three, are in the gallery, after its own.

    Returns:
        Dictionary of `Records` for `"train"`, `"query"` and `"gallery"`, rows
        sorted by file name; identities as in the file names, cameras from 0
        to 5.

    Raises:
        FileNotFoundError: A folder that is missing or empty, or no label for
            any training image.
        ValueError: A file name of another data set, an unknown label format,
            a distractor with an identity.

    Example:
    >>> from keras_drop.datasets import read_market1501
    >>> import os, tempfile
    >>> root = tempfile.mkdtemp()
    >>> for folder in ("bounding_box_train", "query", "bounding_box_test"):
    ...     os.mkdir(f"{root}/{folder}")
    ...     open(f"{root}/{folder}/0002_c1s1_000451_03.jpg", "w").close()
    >>> records = read_market1501(root)["query"]
    >>> records.identities.tolist(), records.cameras.tolist()
    ([2], [0])

    Reference:
        [Zheng et al., 2015](https://doi.org/10.1109/ICCV.2015.133)
    """
    labels = ParsingFiles(parsing_dir, label_format)
    splits = read_market_layout(
        root,
        ("Market-1501-v15.09.15", "Market-1501", "Market1501"),
        _NAMES,
        labels,
    )
    if distractors:
        splits["gallery"] = _with_distractors(splits["gallery"])
    return splits


def _with_distractors(gallery):
    root = Path(gallery.paths[0]).parents[1]
    folder = find_folder(root, "images")
    if folder is None:
        raise FileNotFoundError(
            f"{root} has no folder images, where the 500,000 distractors "
            "belong. Unpack them there, or leave out `distractors`."
        )
    paths, identities, cameras = _NAMES.parse(list_files(folder, "Market-1501"))
    if any(identities):
        first = next(p for p, identity in zip(paths, identities) if identity)
        raise ValueError(
            f"The distractor {first} has another identity than 0, which its "
            "name would begin with: these are other images."
        )
    return Records(
        [*gallery.paths, *(str(path) for path in paths)],
        [*gallery.identities, *identities],
        [*gallery.cameras, *cameras],
        [*gallery.parsing_paths, *[""] * len(paths)],
    )


_FILES = {
    split: (f"{folder}/{{identity:04}}_c{{camera}}s1_{{number:06}}_00.jpg",)
    for split, folder in MARKET_FOLDERS.items()
}
_DISTRACTORS = "images/0000_c{camera}s1_{number:06}_00.jpg"
_COUNTS = {
    "train": (751, 12_936),
    "query": (750, 3_368),
    "gallery": (751, 15_913),
}
declare(
    DataSet(
        "market1501",
        read_market1501,
        _NAMES,
        _FILES,
        "Market-1501-v15.09.15",
        _COUNTS,
    ),
    DataSet(
        "market1501_500k",
        functools.partial(read_market1501, distractors=True),
        _NAMES,
        {**_FILES, "gallery": (*_FILES["gallery"], _DISTRACTORS)},
        "Market-1501",
        {**_COUNTS, "gallery": (751, 515_913)},
    ),
)

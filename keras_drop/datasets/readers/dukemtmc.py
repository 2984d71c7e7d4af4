"""DukeMTMC-reID: its file names, and those of its parsing labels."""

from keras_drop.datasets.data_set import DataSet, declare
from keras_drop.datasets.files.image_names import ImageNames
from keras_drop.datasets.files.market_layout import (
    MARKET_FOLDERS,
    read_market_layout,
)
from keras_drop.datasets.labels.parsing_files import ParsingFiles

DUKE_NAME = r"(?P<identity>-1|\d{4,})_c(?P<camera>[1-8])_f\d+\.jpg"
DUKE_FILES = {
    split: (f"{folder}/{{identity:04}}_c{{camera}}_f{{number:07}}.jpg",)
    for split, folder in MARKET_FOLDERS.items()
}

_NAMES = ImageNames("DukeMTMC-reID", DUKE_NAME, "0005_c2_f0046985.jpg")


def read_dukemtmc(root, parsing_dir=None, label_format="pifpaf36"):
    """Reads the file names of DukeMTMC-reID; opens no image.

    The file names do not tell it from Occluded-Duke, only the counts do: have
    them checked by `check_splits`.

    Args:
        root: The folder that holds `bounding_box_train`, `query` and
            `bounding_box_test`, or the one above it; in any capitalisation.
        parsing_dir: Folder of the parsing labels, with folders named like
            those of the images; or the `masks` folder of BPBReID above it.
        label_format: A name of `LABEL_FORMATS`, such as `"pifpaf36"` for
            `<name>.npy` or `"densepose14"` for `<name>.png`.

    Returns:
        Dictionary of `Records` for `"train"`, `"query"` and `"gallery"`, rows
        sorted by file name; identities as in the file names, cameras from 0
        to 7.

    Raises:
        FileNotFoundError: A folder that is missing or empty, or no label for
            any training image.
        ValueError: A file name of another data set, an unknown label format.

    Example:
    >>> from keras_drop.datasets import read_dukemtmc
    >>> import os, tempfile
    >>> root = tempfile.mkdtemp()
    >>> for folder in ("bounding_box_train", "query", "bounding_box_test"):
    ...     os.mkdir(f"{root}/{folder}")
    ...     open(f"{root}/{folder}/0005_c8_f0046985.jpg", "w").close()
    >>> read_dukemtmc(root)["gallery"].cameras.tolist()
    [7]

    Reference:
        [Zheng et al., 2017](https://arxiv.org/abs/1701.07717)
    """
    labels = ParsingFiles(parsing_dir, label_format)
    return read_market_layout(root, ("DukeMTMC-reID",), _NAMES, labels)


declare(
    DataSet(
        "dukemtmc",
        read_dukemtmc,
        _NAMES,
        DUKE_FILES,
        "DukeMTMC-reID",
        # The identities of training and queries, 702 each, are not sure.
        {
            "train": (None, 16_522),
            "query": (None, 2_228),
            "gallery": (1_110, 17_661),
        },
    )
)

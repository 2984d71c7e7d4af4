"""Occluded-Duke: its file names, and those of its parsing labels."""

from keras_drop.datasets.data_set import DataSet, declare
from keras_drop.datasets.files.image_names import ImageNames
from keras_drop.datasets.files.market_layout import read_market_layout
from keras_drop.datasets.labels.parsing_files import ParsingFiles
from keras_drop.datasets.readers.dukemtmc import DUKE_FILES, DUKE_NAME

_LABEL_NAMES = {"pifpaf36": "{name}.confidence_fields.npy"}
_NAMES = ImageNames("Occluded-Duke", DUKE_NAME, "0001_c2_f0046182.jpg")


def read_occluded_duke(root, parsing_dir=None, label_format="pifpaf36"):
    """Reads the file names of Occluded-Duke; opens no image.

    Rows are sorted by file name. Images of identity `-1` are left out. Where
    `root` has an `images.csv`, as the embedded pedestrians do, its further
    columns become columns of the records.

    Args:
        root: The folder that holds `bounding_box_train`, `query` and
            `bounding_box_test`, or the one above it; in any capitalisation.
        parsing_dir: Folder of the parsing labels, with folders named like
            those of the images; or the `masks` folder of BPBReID above it.
        label_format: A name of `LABEL_FORMATS`, such as `"pifpaf36"` for
            `<name>.jpg.confidence_fields.npy` or `"densepose14"` for
            `<name>.png`.

    Returns:
        Dictionary of `Records` for `"train"`, `"query"` and `"gallery"`;
        identities as in the file names, cameras from 0 to 7. An image without
        a label has an empty parsing path; how many training images that are
        is a warning.

    Raises:
        FileNotFoundError: A folder that is missing or empty, or no label for
            any training image.
        ValueError: A file name of another data set, an unknown label format.

    Example:
    >>> from keras_drop.datasets import read_occluded_duke
    >>> import os, tempfile
    >>> root = tempfile.mkdtemp()
    >>> for folder in ("bounding_box_train", "query", "bounding_box_test"):
    ...     os.mkdir(f"{root}/{folder}")
    ...     open(f"{root}/{folder}/0001_c2_f0046182.jpg", "w").close()
    >>> records = read_occluded_duke(root)["query"]
    >>> records.identities.tolist(), records.cameras.tolist()
    ([1], [1])

    Reference:
        [Miao et al., 2019](https://doi.org/10.1109/ICCV.2019.00063)
    """
    labels = ParsingFiles(parsing_dir, label_format, **_LABEL_NAMES)
    return read_market_layout(root, ("Occluded_Duke",), _NAMES, labels)


declare(
    DataSet(
        "occluded_duke",
        read_occluded_duke,
        _NAMES,
        DUKE_FILES,
        "Occluded_Duke",
        {
            "train": (702, 15_618),
            "query": (519, 2_210),
            "gallery": (1_110, 17_661),
        },
        label_names=_LABEL_NAMES,
    ),
    DataSet(
        "embedded_pedestrians",
        read_occluded_duke,
        _NAMES,
        DUKE_FILES,
        "embedded_pedestrians",
        label_format="densepose14",
        label_names=_LABEL_NAMES,
    ),
)

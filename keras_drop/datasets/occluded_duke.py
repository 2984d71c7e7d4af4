"""Occluded-Duke: its file names, and those of its parsing labels."""

import re
import warnings
from pathlib import Path

from keras_drop.datasets.annotations import read_annotations
from keras_drop.datasets.folders import describe_folder, describe_name
from keras_drop.records import Records

OCCLUDED_DUKE_COUNTS = {
    "train": (702, 15_618),
    "query": (519, 2_210),
    "gallery": (1_110, 17_661),
}

_FOLDERS = {
    "train": "bounding_box_train",
    "query": "query",
    "gallery": "bounding_box_test",
}
_NAME = re.compile(r"(?P<identity>-1|\d{4,})_c(?P<camera>[1-8])_f\d+\.jpg")
_LABELS = {
    "pifpaf36": "{name}.confidence_fields.npy",
    "densepose14": "{stem}.png",
}
_MASKS = "pifpaf_maskrcnn_filtering"


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
        label_format: `"pifpaf36"` for `<name>.jpg.confidence_fields.npy`,
            `"densepose14"` for `<name>.png`.

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
    if label_format not in _LABELS:
        raise ValueError(
            f"Unknown label format {label_format!r}. Known: "
            f"{', '.join(_LABELS)}."
        )
    root = _find_root(Path(root))
    annotations = read_annotations(root / "images.csv")
    if parsing_dir is not None:
        parsing_dir = _find_parsing_dir(Path(parsing_dir))
    return {
        split: _read_split(
            root / folder, split, annotations, parsing_dir, label_format
        )
        for split, folder in _FOLDERS.items()
    }


def _read_split(folder, split, annotations, parsing_dir, label_format):
    paths, identities, cameras = [], [], []
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name.lower() == "thumbs.db":
            continue
        match = _NAME.fullmatch(path.name)
        if match is None:
            raise ValueError(
                f"Not an Occluded-Duke file name: {path}. Expected names like "
                f"0001_c2_f0046182.jpg.{describe_name(path.name)}"
            )
        if match["identity"] != "-1":
            paths.append(path)
            identities.append(int(match["identity"]))
            cameras.append(int(match["camera"]) - 1)
    if not paths:
        raise FileNotFoundError(
            f"There are no images in {folder}. Occluded-Duke has images in "
            f"{', '.join(_FOLDERS.values())}: unpack it again."
        )
    return Records(
        [str(path) for path in paths],
        identities,
        cameras,
        _labels(paths, parsing_dir, label_format, required=split == "train"),
        **annotations.columns_of(paths),
    )


def _labels(paths, parsing_dir, label_format, required):
    if parsing_dir is None:
        return None
    labels = []
    for path in paths:
        name = _LABELS[label_format].format(name=path.name, stem=path.stem)
        labels.append(parsing_dir / path.parent.name / name)
    found = [str(label) if label.is_file() else "" for label in labels]
    missing = found.count("")
    if required and missing == len(found):
        raise FileNotFoundError(
            f"None of the {len(found)} training images has a parsing label. "
            f"The first would be {labels[0]}. Check `parsing_dir` and "
            f"`label_format`, which is {label_format!r}."
        )
    if required and missing:
        warnings.warn(
            f"{missing} of {len(found)} training images have no parsing label "
            f"in {parsing_dir}, the first is "
            f"{paths[found.index('')].name}. They do not count in the parsing "
            "loss.",
            stacklevel=4,
        )
    return found


def _find_parsing_dir(folder):
    if not folder.is_dir():
        raise FileNotFoundError(f"There is no folder of labels {folder}.")
    for inner in (folder / _MASKS, folder / "masks" / _MASKS):
        if inner.is_dir():
            return inner
    return folder


def _find_root(root):
    """The folder with the three split folders: `root`, or one inside it."""
    if not root.is_dir():
        root = _same_name(root.parent, root.name) or root
    if not root.is_dir():
        raise FileNotFoundError(
            f"There is no folder {root}. Occluded-Duke is not downloaded by "
            "this library; give the folder of your copy."
        )
    missing = [f for f in _FOLDERS.values() if not (root / f).is_dir()]
    if len(missing) == len(_FOLDERS):
        inner = _same_name(root, "occluded_duke")
        if inner is not None:
            return _find_root(inner)
    if missing:
        raise FileNotFoundError(
            f"{root} has no folder {' and no '.join(missing)}. Occluded-Duke "
            f"has {', '.join(_FOLDERS.values())}.{describe_folder(root)}"
        )
    return root


def _same_name(parent, name):
    """The folder of this name in any capitalisation, `-` for `_` or not."""

    def plain(text):
        return text.lower().replace("-", "").replace("_", "")

    if parent.is_dir():
        for folder in sorted(parent.iterdir()):
            if folder.is_dir() and plain(folder.name) == plain(name):
                return folder
    return None

"""Images of people in any folders, and their parsing labels."""

import warnings
from pathlib import Path

from keras_drop.datasets.files.own_names import IMAGE_ENDINGS, list_images
from keras_drop.datasets.labels.label_formats import (
    label_format as find_label_format,
)
from keras_drop.records import Records

_NOBODY = -1


def read_parsed_images(
    root, parsing_dir=None, label_format="densepose14", folders=()
):
    """Reads which images of people there are in a folder; opens none.

    For data in which people have no number: crops of COCO, LIP, Pascal, or
    images that are still to be labelled. All have the identity `-1`, which no
    query asks for, and the camera 0.

    Args:
        root: Folder of the images, which may lie in folders in it, at any
            depth.
        parsing_dir: Folder of their labels, which lie in it as the images do
            in `root`, under the same names but for the ending. It may be in
            `root`: its files are not taken for images.
        label_format: Name of the format of the labels.
        folders: Names of the folders in `root` that are looked into; empty:
            all.

    Returns:
        `Records` in the order of their names, with a column `names`: the path
        from `root` without the ending. An image without a label has an empty
        parsing path; how many that are is a warning.

    Raises:
        FileNotFoundError: A folder that is missing, no images, or no label
            for any of them.
        ValueError: Two images whose names differ by their endings alone; an
            unknown label format.

    Example:
    >>> from keras_drop.datasets import read_parsed_images
    >>> import os, tempfile
    >>> root = tempfile.mkdtemp()
    >>> for name in ("images/street/1.jpg", "parts/street/1.png"):
    ...     os.makedirs(os.path.dirname(f"{root}/{name}"))
    ...     open(f"{root}/{name}", "w").close()
    >>> records = read_parsed_images(f"{root}/images", f"{root}/parts")
    >>> records.names.tolist(), records.identities.tolist()
    (['street/1'], [-1])
    """
    root = Path(root)
    ending = find_label_format(label_format).ending
    labels = parsing_dir and ending and Path(parsing_dir)
    for folder in (root, *(root / name for name in folders)):
        if not folder.is_dir():
            raise FileNotFoundError(f"There is no folder {folder}.")
    if labels and not labels.is_dir():
        raise FileNotFoundError(f"There is no folder of labels {labels}.")
    images = _find_images(root, labels, folders)
    if not images:
        raise FileNotFoundError(
            f"There are no images in {root}"
            f"{' below ' + ', '.join(folders) if folders else ''}. Images end "
            f"with {', '.join(IMAGE_ENDINGS)}."
        )
    found = [""] * len(images)
    if labels:
        files = [labels / f"{name}{ending}" for name in images]
        found = [str(file) if file.is_file() else "" for file in files]
        _check(found, files, label_format)
    return Records(
        [str(path) for path in images.values()],
        [_NOBODY] * len(images),
        [0] * len(images),
        found,
        names=list(images),
    )


def _find_images(root, labels, folders):
    """Sorted dictionary from the names of the images to their paths."""
    images = {}
    for folder in [root / name for name in folders] or [root]:
        for path in list_images(folder):
            if labels and path.is_relative_to(labels):
                continue
            name = path.relative_to(root).with_suffix("").as_posix()
            if images.setdefault(name, path) != path:
                raise ValueError(
                    f"{images[name]} and {path} would have the same label. "
                    "Rename one of them."
                )
    return dict(sorted(images.items()))


def _check(found, files, label_format):
    missing = found.count("")
    if missing == len(found):
        raise FileNotFoundError(
            f"None of the {len(found)} images has a parsing label of the "
            f"format {label_format!r}. The first would be {files[0]}."
        )
    if missing:
        warnings.warn(
            f"{missing} of {len(found)} images have no parsing label, the "
            f"first would be {files[found.index('')]}.",
            stacklevel=3,
        )

"""A user's own images, in three folders and with telling names."""

import re
from pathlib import Path

from keras_drop.checks import checked_choice
from keras_drop.datasets.files.fake_cameras import (
    CAMERA_MODES,
    FAKE_CAMERAS,
)
from keras_drop.datasets.files.image_folders import find_folders, list_files
from keras_drop.datasets.files.image_names import ImageNames
from keras_drop.datasets.labels.parsing_files import ParsingFiles
from keras_drop.records import Records


def read_folders(
    root,
    pattern,
    folders=("train", "query", "gallery"),
    parsing_dir=None,
    label_format="pifpaf36",
    camera_mode="real",
):
    """Reads the file names of a user's own folders; opens no image.

    Args:
        root: The folder that holds them.
        pattern: Regular expression of a whole file name, with the groups
            `identity` and `camera`: `r"(?P<identity>-1|\\d+)_c(?P<camera>\\d+)
            _.*\\.jpg"`. Folders are never matched. Images of identity `-1`
            are left out.
        folders: Names of the folders of the images to train on, of the
            queries and of the gallery; a name left `None` is a split that
            there is not.
        parsing_dir: Folder of the parsing labels, with folders named like
            those of the images.
        label_format: A name of `LABEL_FORMATS`, such as `"pifpaf36"` for
            `<name>.npy` or `"densepose14"` for `<name>.png`.
        camera_mode: `"real"`; or `"none"` for images of unknown cameras: then
            the pattern needs no `camera`, queries have camera 0 and the
            gallery camera 1, so that the junk rule removes nothing.

    Returns:
        Dictionary of `Records` for `"train"`, `"query"` and `"gallery"`, rows
        sorted by file name; identities and cameras as in the file names.

    Raises:
        FileNotFoundError: A folder that is missing or empty, or no label for
            any training image.
        ValueError: A pattern without its groups, a file name that does not
            match it, not three folders, an unknown label format.

    Example:
    >>> from keras_drop.datasets import read_folders
    >>> import os, tempfile
    >>> root = tempfile.mkdtemp()
    >>> for folder in ("probe", "rest"):
    ...     os.mkdir(f"{root}/{folder}")
    ...     open(f"{root}/{folder}/anna7-door2.jpg", "w").close()
    >>> splits = read_folders(
    ...     root, r"\\w+?(?P<identity>\\d+)-door(?P<camera>\\d+).jpg",
    ...     (None, "probe", "rest"))
    >>> splits["gallery"].identities.tolist(), splits["query"].cameras.tolist()
    ([7], [2])
    """
    checked_choice("camera_mode", camera_mode, CAMERA_MODES)
    _check_pattern(pattern, camera_mode)
    if len(folders) != len(FAKE_CAMERAS):
        raise ValueError(
            "`folders` are those to train on, of the queries and of the "
            f"gallery, `None` for one there is not; these are {folders!r}."
        )
    chosen = {split: name for split, name in zip(FAKE_CAMERAS, folders) if name}
    names = ImageNames(
        "your data set", pattern, f"those that match {pattern}", first_camera=0
    )
    labels = ParsingFiles(parsing_dir, label_format)
    found = find_folders(Path(root), names.data_set, [tuple(chosen.values())])
    splits = {}
    for (split, name), folder in zip(chosen.items(), found):
        paths, identities, cameras = names.parse(
            list_files(folder, names.data_set)
        )
        if camera_mode == "none":
            cameras = [FAKE_CAMERAS[split]] * len(paths)
        splits[split] = Records(
            [str(path) for path in paths],
            identities,
            cameras,
            labels.find(paths, name, required=split == "train"),
        )
    return splits


def _check_pattern(pattern, camera_mode):
    try:
        groups = re.compile(pattern).groupindex
    except re.error as error:
        raise ValueError(
            f"The pattern {pattern!r} is no regular expression: {error}."
        ) from None
    needed = ("identity", "camera") if camera_mode == "real" else ("identity",)
    missing = [name for name in needed if name not in groups]
    if missing:
        raise ValueError(
            f"The pattern {pattern!r} has no group {' and no '.join(missing)}:"
            f" write (?P<{missing[0]}>...) around that part of the name. For "
            "images of unknown cameras say `camera_mode='none'`."
        )

"""A user's own images, in three folders and with telling names."""

from pathlib import Path

import numpy as np

from keras_drop.checks import checked_choice
from keras_drop.datasets.files.fake_cameras import (
    CAMERA_MODES,
    FAKE_CAMERAS,
)
from keras_drop.datasets.files.image_folders import find_folders
from keras_drop.datasets.files.numbered import numbered
from keras_drop.datasets.files.own_names import OwnNames
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
    """Reads the names of images in a user's own folders; opens none.

    Args:
        root: The folder that holds them.
        pattern: Regular expression of a whole file name, with the groups
            `identity` and `camera`, which may be any text, as
            `r"(?P<identity>.+)_c(?P<camera>\\d+)_.*"`. One with a `/` is of the
            path below the folder of the split, as
            `r"(?P<identity>[^/]+)/cam(?P<camera>\\d+)_.*"`, where everybody has
            a folder. Images of identity `-1` are left out.
        folders: Names of the folders of the images to train on, of the
            queries and of the gallery; a name left `None` is a split that
            there is not.
        parsing_dir: Folder of the parsing labels, with folders named like
            those of the images, in which they lie as the images do in theirs.
        label_format: A name of `LABEL_FORMATS`, such as `"pifpaf36"` for
            `<name>.npy` or `"densepose14"` for `<name>.png`.
        camera_mode: `"real"`; or `"none"` for images of unknown cameras: then
            the pattern needs no `camera`, queries have camera 0 and the
            gallery camera 1, so that the junk rule removes nothing.

    Returns:
        Dictionary of `Records` for `"train"`, `"query"` and `"gallery"`, rows
        sorted by path; identities and cameras as in the names. Where one is
        text they are numbered, as by `read_table`.

    Raises:
        FileNotFoundError: A folder that is missing or empty, or no label for
            any training image.
        ValueError: A pattern without its groups, a file name that does not
            match it, not three folders or none of them, two images that would
            have the same label, an unknown label format.

    Example:
    >>> from keras_drop.datasets import read_folders
    >>> import os, tempfile
    >>> root = tempfile.mkdtemp()
    >>> for folder in ("probe", "rest"):
    ...     os.mkdir(f"{root}/{folder}")
    ...     open(f"{root}/{folder}/anna7-door2.jpg", "w").close()
    >>> splits = read_folders(
    ...     root, r"(?P<identity>\\w+)-door(?P<camera>\\d+).jpg",
    ...     (None, "probe", "rest"))
    >>> splits["gallery"].identity_names, splits["query"].cameras.tolist()
    (array(['anna7'], dtype='<U5'), [2])
    """
    checked_choice("camera_mode", camera_mode, CAMERA_MODES)
    if len(folders) != len(FAKE_CAMERAS):
        raise ValueError(
            "`folders` are those to train on, of the queries and of the "
            f"gallery, `None` for one there is not; these are {folders!r}."
        )
    chosen = {split: name for split, name in zip(FAKE_CAMERAS, folders) if name}
    if not chosen:
        raise ValueError(
            f"`folders` names none of {', '.join(FAKE_CAMERAS)}: name those "
            f"in {root} that hold images."
        )
    names = OwnNames(pattern, camera_mode == "real")
    files = ParsingFiles(parsing_dir, label_format)
    try:
        found = find_folders(Path(root), "Your data", [tuple(chosen.values())])
    except FileNotFoundError as error:
        if "query" not in chosen:
            raise
        raise FileNotFoundError(
            f"{error} For images without such folders `keras-drop table` draws "
            "a split."
        ) from None
    paths, people, places, labels, split_of = [], [], [], [], []
    for (split, name), folder in zip(chosen.items(), found):
        images, identities, cameras = names.read(folder)
        if camera_mode == "none":
            cameras = [str(FAKE_CAMERAS[split])] * len(images)
        paths += images
        people += identities
        places += cameras
        inner = [_label_folder(files.root, name, folder, i) for i in images]
        labels += files.find(images, inner, required=split == "train")
        split_of += [split] * len(images)
    columns = {}
    identities, text = numbered(people)
    if text:
        columns["identity_names"] = people
    cameras, text = numbered(places)
    if text:
        columns["camera_names"] = places
    paths = [str(path) for path in paths]
    records = Records(paths, identities, cameras, labels, **columns)
    return {split: records[np.array(split_of) == split] for split in chosen}


def _label_folder(root, name, folder, image):
    """Of a label: as deep as its image is, if there is such a folder.

    That of its person is looked for in it, and does not count here.
    """
    inner = image.relative_to(folder).parent.parent
    deep = f"{name}/{inner.as_posix()}"
    return deep if root and inner.parts and (root / deep).is_dir() else name

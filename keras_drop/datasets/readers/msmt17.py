"""MSMT17: its lists, and the names of its parsing labels."""

import functools
from pathlib import Path

from keras_drop.checks import checked_choice
from keras_drop.datasets.data_set import DataSet, declare
from keras_drop.datasets.files.folders import describe_folder
from keras_drop.datasets.files.image_folders import find_folders
from keras_drop.datasets.files.image_names import ImageNames
from keras_drop.datasets.labels.parsing_files import ParsingFiles
from keras_drop.records import Records

_LAYOUTS = (("train", "test"), ("mask_train_v2", "mask_test_v2"))
_TRAIN_LISTS = {
    "train": ("list_train.txt",),
    "trainval": ("list_train.txt", "list_val.txt"),
}
_TEST_LISTS = {
    "query": ("list_query.txt",),
    "gallery": ("list_gallery.txt",),
}
_NAMES = ImageNames(
    "MSMT17",
    r"(?P<identity>\d+)_\d+_(?P<camera>0[1-9]|1[0-5])_.*\.jpg",
    "0000_000_01_0303morning_0015_0.jpg",
)


def read_msmt17(root, parsing_dir=None, label_format="pifpaf36", *, train):
    """Reads the lists of MSMT17; opens no image.

    Training identities and test identities are both counted from 0, and are
    different people.

    Args:
        root: The folder that holds the lists and `train` and `test` (V1) or
            `mask_train_v2` and `mask_test_v2` (V2), or the one above it; in
            any capitalisation.
        parsing_dir: Folder of the parsing labels, with folders named like
            those of the images, without those of the people; or the `masks`
            folder of BPBReID above it.
        label_format: A name of `LABEL_FORMATS`, such as `"pifpaf36"` for
            `<name>.npy` or `"densepose14"` for `<name>.png`.
        train: `"train"` for the images of `list_train.txt`, `"trainval"` for
            those of `list_val.txt` too. Publications use either, so neither
            is a default.

    Returns:
        Dictionary of `Records` for `"train"`, `"query"` and `"gallery"`, in
        the order of the lists; identities as in the lists, cameras from 0 to
        14.

    Raises:
        FileNotFoundError: A folder or list that is missing or empty, a list
            of other files, or no label for any training image.
        ValueError: A line of a list that is no name and number, a file name
            of another data set, an unknown label format.

    Example:
    >>> from keras_drop.datasets import read_msmt17
    >>> import os, tempfile
    >>> root = tempfile.mkdtemp()
    >>> for split, lists in {"train": ["train"],
    ...         "test": ["query", "gallery"]}.items():
    ...     os.makedirs(f"{root}/{split}/0000")
    ...     name = "0000/0000_000_01_0303morning_0015_0.jpg"
    ...     open(f"{root}/{split}/{name}", "w").close()
    ...     for name_of_list in lists:
    ...         with open(f"{root}/list_{name_of_list}.txt", "w") as file:
    ...             _ = file.write(f"{name} 0\\n")
    >>> records = read_msmt17(root, train="train")["query"]
    >>> records.identities.tolist(), records.cameras.tolist()
    ([0], [0])

    Reference:
        [Wei et al., 2018](https://arxiv.org/abs/1711.08565)
    """
    checked_choice("train", train, _TRAIN_LISTS)
    labels = ParsingFiles(parsing_dir, label_format)
    train_folder, test_folder = find_folders(
        Path(root),
        _NAMES.data_set,
        _LAYOUTS,
        ("MSMT17", "MSMT17_V1", "MSMT17_V2"),
    )
    return {
        "train": _read_lists(
            train_folder, _TRAIN_LISTS[train], labels, required=True
        ),
        **{
            split: _read_lists(test_folder, lists, labels)
            for split, lists in _TEST_LISTS.items()
        },
    }


def _read_lists(folder, names, labels, required=False):
    paths, identities = [], []
    for name in names:
        for path, identity in _read_list(folder.parent / name):
            paths.append(folder / path)
            identities.append(identity)
    _, _, cameras = _NAMES.parse(paths)
    if not any(path.is_file() for path in paths):
        raise FileNotFoundError(
            f"{folder.parent / names[0]} lists {paths[0]}, and neither that "
            "nor another of its files is there: unpack MSMT17 again, or take "
            "the lists of this version."
        )
    return Records(
        [str(path) for path in paths],
        identities,
        cameras,
        labels.find(paths, folder.name, required),
    )


def _read_list(file):
    if not file.is_file():
        raise FileNotFoundError(
            f"There is no {file}. MSMT17 has list_train.txt, list_val.txt, "
            "list_query.txt and list_gallery.txt beside its folders."
            f"{describe_folder(file.parent)}"
        )
    rows = []
    text = file.read_text("utf-8-sig")
    for number, line in enumerate(text.splitlines(), 1):
        words = line.rsplit(maxsplit=1)
        if len(words) != 2 or not words[1].isdecimal():
            raise ValueError(
                f"Line {number} of {file} is {line!r}, not a file name and "
                "an identity as in 0000/0000_000_01_0303morning_0015_0.jpg 0."
            )
        rows.append((words[0].strip(), int(words[1])))
    if not rows:
        raise FileNotFoundError(f"{file} is empty: unpack MSMT17 again.")
    return rows


def _declared(train, folders, counts):
    name = "{identity:04}/{identity:04}_{number:03}_{camera:02}_0303noon_0.jpg"
    tested = (f"{folders[1]}/{name}",)
    return DataSet(
        f"msmt17_{train}",
        functools.partial(read_msmt17, train=train),
        _NAMES,
        {
            "train": (f"{folders[0]}/{name}",),
            "query": tested,
            "gallery": tested,
        },
        "MSMT17",
        # `None` where the number is not sure.
        {
            **counts,
            "query": (None, 11_659),
            "gallery": (None, 82_161),
            "all": (4_101, None),
        },
        shared_numbers=False,
        lists={"train": _TRAIN_LISTS[train], **_TEST_LISTS},
        differs="other images are trained on",
    )


declare(
    _declared("train", _LAYOUTS[0], {}),
    _declared("trainval", _LAYOUTS[1], {"train": (None, 32_621)}),
)

import json
from pathlib import Path

import numpy as np

from keras_drop.checks import refuse_less_than_1
from keras_drop.datasets.files.whole_files import write_file
from keras_drop.datasets.files.written_table import splits_table, write_columns
from keras_drop.datasets.packed.shards import NOTE, Shards, checksum
from keras_drop.records import Records

PACKED = "packed.json"
"""File that says what a packed folder holds; written last."""
TABLE = "images.csv"


def pack(splits, folder, name="", files_each=4096):
    """Packs images and labels into a few large files, and lists them.

    The files are kept as they are, byte by byte, so what is read of the packed
    form are the same pixels. The table, `images.csv`, lists them by paths such
    as `images-00000.array_record@17`, which are read wherever a path is. A
    packed file is there whole or not at all; a run that was stopped goes on
    where it was. `packed.json`, with checksums, is written last.

    Args:
        splits: Dictionary of `Records`.
        folder: Where it goes.
        name: Of the known data set that this is, whole; empty for own data.
        files_each: Files in a packed one.

    Returns:
        `pathlib.Path` of the table.

    Raises:
        FileExistsError: The folder holds something else.
        FileNotFoundError: An image or label that is not there.
        ImportError: `array_record` is not installed.

    Example:
    >>> import os, tempfile
    >>> from PIL import Image
    >>> from keras_drop import Records
    >>> from keras_drop.data import read_image
    >>> from keras_drop.datasets import pack
    >>> folder = tempfile.mkdtemp()
    >>> Image.new("RGB", (16, 32)).save(f"{folder}/a.png")
    >>> records = Records([f"{folder}/a.png"], [7], [0])
    >>> pack({"query": records}, f"{folder}/packed").name
    'images.csv'
    >>> read_image(f"{folder}/packed/images-00000.array_record@0").shape
    (32, 16, 3)
    """
    refuse_less_than_1(files_each=files_each)
    folder = Path(folder)
    if (folder / PACKED).exists():
        raise FileExistsError(
            f"{folder} holds a packed data set already. Choose another folder."
        )
    # That of a run which was stopped has notes beside it.
    if (folder / TABLE).exists() and not any(folder.glob(f"*{NOTE}")):
        raise FileExistsError(
            f"{folder} has an {TABLE} that was not packed, and would be "
            "written over. Choose another folder."
        )
    folder.mkdir(parents=True, exist_ok=True)
    shards = Shards(folder, files_each)
    images = [path for records in splits.values() for path in records.paths]
    images = shards.pack("images", list(dict.fromkeys(images)))
    labels = [p for r in splits.values() for p in r.parsing_paths if p]
    labels = shards.pack("labels", list(dict.fromkeys(labels)))
    moved = {
        split: _moved(records, images, {"": "", **labels})
        for split, records in splits.items()
    }
    write_columns(folder / TABLE, splits_table(moved, folder))
    files = {
        file: {key: told[key] for key in ("rows", "bytes", "sha256")}
        for file, told in shards.written.items()
    }
    files[TABLE] = checksum(folder / TABLE)
    content = {"format": 1, "name": name, "files": files}
    write_file(folder / PACKED, json.dumps(content, indent=2).encode())
    shards.finish()
    return folder / TABLE


def is_packed(folder):
    """Whether a folder is a packed data set, whole."""
    return (Path(folder) / PACKED).is_file()


def verify_packed(folder):
    """Names of the files of a packed data set that are not what was written.

    Args:
        folder: Of `pack`.

    Returns:
        List of names: files that are missing or whose checksum is another.

    Raises:
        FileNotFoundError: The folder holds no packed data set.
    """
    folder = Path(folder)
    files = packed_content(folder)["files"]
    return [
        name
        for name, told in files.items()
        if not (folder / name).is_file()
        or any(told[k] != v for k, v in checksum(folder / name).items())
    ]


def packed_content(folder):
    """What the `packed.json` of a folder says.

    Raises:
        FileNotFoundError: There is none.
        ValueError: It is none.
    """
    file = Path(folder) / PACKED
    if not file.is_file():
        raise FileNotFoundError(
            f"{folder} holds no packed data set: it has no {PACKED}, which is "
            "written last. If packing was stopped, run it again."
        )
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        content["files"].items(), content["name"]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{file} is broken ({error!r}).") from None
    return content


def _moved(records, images, labels):
    columns = {name: getattr(records, name) for name in records.column_names}
    columns["paths"] = np.array([images[p] for p in records.paths], str)
    paths = [labels[path] for path in records.parsing_paths]
    return Records(**{**columns, "parsing_paths": np.array(paths, str)})

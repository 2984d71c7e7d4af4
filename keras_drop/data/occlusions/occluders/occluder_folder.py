"""Occluders from a folder or an archive of RGBA images."""

import concurrent.futures
import io
import tarfile
import zipfile
from pathlib import Path, PurePosixPath

import numpy as np
from PIL import Image, UnidentifiedImageError

from keras_drop.data.occlusions.occluders.occluder_bank import OccluderBank
from keras_drop.data.reading.look_ahead import default_workers

_ENDINGS = (".png", ".webp", ".tif", ".tiff")


def read_occluders(path, max_side=256):
    """Reads RGBA images into an `OccluderBank`.

    Sub-folders are groups, of which one is drawn first; files beside them are
    a group of their own. What starts with a dot is left out. The order is that
    of the names, so that a bank does not depend on the file system.

    Args:
        path: Folder, or a `.zip` or `.tar` file (also compressed), of PNG,
            WebP or TIFF images with an alpha channel.
        max_side: As of `OccluderBank`.

    Returns:
        `OccluderBank`.

    Raises:
        FileNotFoundError: There is no such file, or no image in it.
        ValueError: An image that is broken or has no alpha channel, by name,
            or a file that is no archive.

    Example:
    >>> from PIL import Image
    >>> from keras_drop.data.occlusions import read_occluders
    >>> import os, tempfile
    >>> folder = tempfile.mkdtemp()
    >>> Image.new("RGBA", (6, 9), (9, 9, 9, 255)).save(
    ...     os.path.join(folder, "crate.png"))
    >>> read_occluders(folder).occluders[0].shape
    (9, 6, 4)
    """
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(f"There is no occluder bank {path}.")
    with concurrent.futures.ThreadPoolExecutor(default_workers()) as threads:
        names, images = [], []
        for name, content in sorted(_files(path)):
            names.append(name)
            images.append(threads.submit(_decode, content, path, name))
        if not names:
            raise FileNotFoundError(
                f"{path} holds no {', '.join(_ENDINGS)} image."
            )
        rgba = (image.result() for image in images)
        return OccluderBank(
            ((array[..., :3], array[..., 3]) for array in rgba),
            names,
            [str(PurePosixPath(name).parent) for name in names],
            max_side,
        )


def _files(path):
    """Name and bytes, or path, of every image."""
    if path.is_dir():
        for file in path.rglob("*"):
            name = file.relative_to(path).as_posix()
            if _is_occluder(name) and file.is_file():
                yield name, file
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if _is_occluder(name):
                    yield name, archive.read(name)
    elif tarfile.is_tarfile(path):
        with tarfile.open(path) as archive:
            for member in archive:
                name = member.name.removeprefix("./")
                if member.isfile() and _is_occluder(name):
                    yield name, archive.extractfile(member).read()
    else:
        raise ValueError(f"{path} is no folder, no .zip and no .tar file.")


def _is_occluder(name):
    hidden = any(part.startswith(".") for part in name.split("/"))
    return name.lower().endswith(_ENDINGS) and not hidden


def _decode(content, path, name):
    file = io.BytesIO(content) if isinstance(content, bytes) else content
    try:
        with Image.open(file) as image:
            if not image.has_transparency_data:
                raise ValueError(
                    f"{name} of {path} is an image of the mode "
                    f"{image.mode!r}, without the alpha channel that says "
                    "where the occluder is."
                )
            return np.asarray(image.convert("RGBA"))
    except (UnidentifiedImageError, OSError, SyntaxError) as error:
        raise ValueError(
            f"{name} of {path} cannot be decoded ({error})."
        ) from error

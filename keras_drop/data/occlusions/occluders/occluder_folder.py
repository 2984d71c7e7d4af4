"""Occluders from a folder or an archive of RGBA images."""

import concurrent.futures
import tarfile
import zipfile
from pathlib import Path, PurePosixPath

import numpy as np

from keras_drop.data.occlusions.occluders.occluder_bank import OccluderBank
from keras_drop.data.reading.look_ahead import checked_workers
from keras_drop.files.image_file import decode_image, upright
from keras_drop.files.regular_file import check_expansion

_ENDINGS = (".png", ".webp", ".tif", ".tiff")
_CHUNK = 2**20


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
        ValueError: An image that is broken or has no alpha channel, by name;
            a file that is no archive, is broken, or expands to more than
            1 GiB and 100 times its size.

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
    with concurrent.futures.ThreadPoolExecutor(checked_workers()) as threads:
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
    elif not path.is_file():
        raise ValueError(f"{path} is no folder, no .zip and no .tar file.")
    elif zipfile.is_zipfile(path):
        yield from _archived(path, _zipped)
    elif tarfile.is_tarfile(path):
        yield from _archived(path, _tarred)
    else:
        raise ValueError(f"{path} is no folder, no .zip and no .tar file.")


def _archived(path, members):
    """Name and bytes of every image of an archive."""
    try:
        yield from members(path, path.stat().st_size)
    # Which error a broken archive is depends on where it is broken.
    except Exception as error:
        raise ValueError(
            f"{path} cannot be read ({error}). The archive is broken, locked, "
            "or made to fill the memory: pack it again."
        ) from error


def _zipped(path, stored):
    with zipfile.ZipFile(path) as archive:
        infos = [i for i in archive.infolist() if _is_occluder(i.filename)]
        check_expansion(stored, sum(info.file_size for info in infos))
        for info in infos:
            yield info.filename, archive.read(info)


def _tarred(path, stored):
    expanded = 0
    with tarfile.open(path) as archive:
        for member in archive:
            # What is passed over is expanded too.
            expanded += member.size
            check_expansion(stored, expanded)
            name = member.name.removeprefix("./")
            if member.isfile() and _is_occluder(name):
                yield name, archive.extractfile(member).read()
        # A header that cannot be read ends an archive like its own end does;
        # to read on also compares the checksum of what was compressed.
        while rest := archive.fileobj.read(_CHUNK):
            expanded += len(rest)
            check_expansion(stored, expanded)
            if rest.strip(b"\0"):
                raise tarfile.ReadError("bytes behind its end")


def _is_occluder(name):
    hidden = any(part.startswith(".") for part in name.split("/"))
    return name.lower().endswith(_ENDINGS) and not hidden


def _decode(content, path, name):
    rgba, mode = decode_image(content, _rgba, f"{name} of {path}")
    if rgba is None:
        raise ValueError(
            f"{name} of {path} is an image of the mode {mode!r}, without the "
            "alpha channel that says where the occluder is."
        )
    return rgba


def _rgba(image):
    if not image.has_transparency_data:
        return None, image.mode
    return np.asarray(upright(image).convert("RGBA")), image.mode

import contextlib
import hashlib
import os
import time
from pathlib import Path

import numpy as np

from keras_drop.datasets.files.annotations import numbers_or_strings
from keras_drop.datasets.files.numbered import numbered
from keras_drop.descriptors import Descriptors
from keras_drop.embedding.begun import read_begun
from keras_drop.embedding.shard import Shard
from keras_drop.records import Records


class EmbeddedImages:
    """What `embed_images` made of images: their descriptors, in a folder.

    Args:
        folder: Of `embed_images`.

    The attribute `about` says what it was begun with, `unreadable` which files
    could not be read, by path, and why.

    Raises:
        FileNotFoundError: There are no embedded images.
        ValueError: Another version wrote them, or shards are missing.

    Example:
    >>> import os, tempfile
    >>> from keras_drop.embedding import EmbeddedImages
    >>> EmbeddedImages(f"{tempfile.mkdtemp()}/nothing")
    Traceback (most recent call last):
    FileNotFoundError: There are no embedded images in ...
    """

    def __init__(self, folder):
        self.folder = Path(folder)
        self.about = read_begun(folder)
        count = -(-self.about["images"] // self.about["images_each"])
        self._shards = [Shard(folder, number) for number in range(count)]
        missing = sum(not shard.is_whole() for shard in self._shards)
        if missing:
            raise ValueError(
                f"{missing} of the {count} shards in {folder} are missing or "
                "cut off: embedding was stopped. Call it again, it goes on."
            )
        notes = [shard.note for shard in self._shards]
        self._counts = [note["images"] for note in notes]
        self.unreadable = {
            path: why
            for note in notes
            for path, why in note["unreadable"].items()
        }

    def __len__(self):
        return sum(self._counts)

    def __repr__(self):
        return f"EmbeddedImages({str(self.folder)!r}, {len(self)} images)"

    def wrong_files(self):
        """Paths of the files whose content is not what was written."""
        return [file for shard in self._shards for file in shard.wrong_files()]

    def columns(self):
        """What is known of the images.

        Returns:
            Dictionary of `(num_images,)` arrays, in the order of the
            descriptors, numbers where every value is one: those that were
            given, `row`, the place of the image in what was given, and
            `content`, SHA-256 of its file.
        """
        found = [shard.columns() for _, shard in self._filled()]
        texts = ("path", "content")
        names = ["row", *self.about["columns"], "content"]
        joined = {
            name: np.concatenate([[], *(columns[name] for columns in found)])
            for name in names
        }
        return {
            name: values if name in texts else numbers_or_strings(values)
            for name, values in joined.items()
        }

    def records(self):
        """`Records` of the images, for those of whom somebody was told.

        Returns:
            `Records`; further columns are kept, also `row` and `content`.
            Where people or cameras are called by text they have numbers, and
            the text is in `identity_names` or `camera_names`.

        Raises:
            ValueError: There is no column `identity`, or none `camera`.
        """
        columns = self.columns()
        missing = [n for n in ("identity", "camera") if n not in columns]
        if missing:
            raise ValueError(
                f"The images have no column {' and no '.join(missing)}, but "
                f"{', '.join(columns)}: nobody was told."
            )
        who = {}
        for name in ("identity", "camera"):
            names = columns.pop(name)
            who[name], text = numbered(names)
            if text:
                columns[f"{name}_names"] = names
        paths = columns.pop("path")
        labels = columns.pop("parsing_path", None)
        return Records(paths, who["identity"], who["camera"], labels, **columns)

    def shards(self):
        """Pairs of the `Descriptors` of some images, and their rows' slice.

        Embeddings of float32 are mapped from the file, not copied.
        """
        start = 0
        for count, shard in self._filled():
            yield (
                Descriptors(
                    shard.embeddings(),
                    _shown(shard.visibility()),
                    self.about["part_names"],
                ),
                slice(start, start + count),
            )
            start += count

    def descriptors(self):
        """`Descriptors` of all images, mapped from one file.

        That of a single shard of float32. Of several, or of float16, a file
        `embeddings-….npy` is made beside them when first asked for, whole or
        not at all: float32, so that it is as large as they are, or twice.
        """
        filled = [shard for _, shard in self._filled()]
        if not filled:
            raise ValueError(f"None of the files of {self.folder} was read.")
        embeddings = filled[0].embeddings()
        if len(filled) > 1 or embeddings.dtype != "float32":
            embeddings = np.load(self._joined(filled), mmap_mode="r")
        visibility = np.concatenate([shard.visibility() for shard in filled])
        return Descriptors(
            embeddings, _shown(visibility), self.about["part_names"]
        )

    def _joined(self, shards):
        sums = hashlib.sha256()
        for shard in shards:
            sums.update(
                shard.note["files"]["embeddings.npy"]["sha256"].encode()
            )
        path = self.folder / f"embeddings-{sums.hexdigest()[:12]}.npy"
        if path.exists():
            return path
        self._clear_parts()
        part = path.with_name(f".{path.name}.{os.getpid()}.part")
        shape = (len(self), *shards[0].embeddings().shape[1:])
        try:
            with open(part, "wb") as file:
                header = {
                    "descr": "<f4",
                    "fortran_order": False,
                    "shape": shape,
                }
                np.lib.format.write_array_header_1_0(file, header)
                for shard in shards:
                    file.write(shard.embeddings().astype("<f4").tobytes())
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, path)
        finally:
            part.unlink(missing_ok=True)
        return path

    def _clear_parts(self):
        """Removes what a process that was killed while it joined left."""
        for part in self.folder.glob(".embeddings-*.part"):
            with contextlib.suppress(FileNotFoundError):
                # One that others are writing, here or on another machine, is
                # younger.
                if time.time() - part.stat().st_mtime > 3600:
                    part.unlink()

    def _filled(self):
        """Number of images and shard, of those that have any."""
        return [pair for pair in zip(self._counts, self._shards) if pair[0]]


def _shown(visibility):
    """Bool, where it is yes or no everywhere."""
    if ((visibility == 0) | (visibility == 1)).all():
        return visibility.astype(bool)
    return visibility

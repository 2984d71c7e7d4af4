"""Many small files into a few large ones, taken up again after a stop."""

import hashlib
import json
import os

from keras_drop.datasets.files.whole_files import write_file
from keras_drop.files.packed_file import (
    array_records,
    file_bytes,
    holding_file,
    packed_path,
)

# Images are compressed already, labels are not.
_OPTIONS = {
    "images": "group_size:1,uncompressed",
    "labels": "group_size:1,zstd:3",
}


NOTE = ".array_record.json"
"""Ending of what says, until all is packed, that one packed file is whole."""


class Shards:
    """The packed files of a folder, each there whole or not at all.

    Args:
        folder: `pathlib.Path` of the folder; what is in it already and comes
            from the same files is not written again.
        files_each: Files in a packed one.
    """

    def __init__(self, folder, files_each):
        self.folder, self.files_each = folder, files_each
        self.written = {}

    def pack(self, kind, paths):
        """Packs files.

        Args:
            kind: `"images"` or `"labels"`.
            paths: Paths of the files, each once.

        Returns:
            Dictionary from each path to that in the packed file.

        Raises:
            FileNotFoundError: A file that is not there.
        """
        places = {}
        for number, start in enumerate(range(0, len(paths), self.files_each)):
            name = f"{kind}-{number:05}.array_record"
            chosen = paths[start : start + self.files_each]
            self._write(name, _OPTIONS[kind], chosen)
            for row, path in enumerate(chosen):
                places[path] = packed_path(str(self.folder / name), row)
        return places

    def _write(self, name, options, paths):
        """Writes a packed file and, behind it, the note that it is whole."""
        file, note = self.folder / name, self.folder / f"{name}.json"
        source = fingerprint(paths)
        if file.exists() and note.exists():
            told = json.loads(note.read_text(encoding="utf-8"))
            if told["source"] == source:
                self.written[name] = told
                return
        part = self.folder / f"{name}.part"
        writer = array_records().ArrayRecordWriter(str(part), options)
        try:
            for path in paths:
                writer.write(file_bytes(path))
        finally:
            writer.close()
        told = {"rows": len(paths), "source": source, **checksum(part)}
        os.replace(part, file)
        write_file(note, json.dumps(told).encode())
        self.written[name] = told

    def finish(self):
        """Removes the notes and what an interrupted run left."""
        for note in self.folder.glob(f"*{NOTE}"):
            file = note.with_suffix("")
            if file.name not in self.written:
                file.unlink(missing_ok=True)  # Of a run that had more.
        for pattern in (f"*{NOTE}", "*.array_record.part"):
            for file in self.folder.glob(pattern):
                file.unlink()


def fingerprint(paths):
    """Checksum of the names, sizes and times of files; opens none of them."""
    total = hashlib.sha256()
    for path in paths:
        status = os.stat(holding_file(path))
        total.update(
            f"{path}\0{status.st_size}\0{status.st_mtime_ns}\n".encode()
        )
    return total.hexdigest()


def checksum(file):
    """Dictionary of the size of a file, `"bytes"`, and its `"sha256"`."""
    total = hashlib.sha256()
    with open(file, "rb") as content:
        while chunk := content.read(2**20):
            total.update(chunk)
    return {"bytes": os.path.getsize(file), "sha256": total.hexdigest()}

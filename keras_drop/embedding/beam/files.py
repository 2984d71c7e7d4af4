"""Files wherever Beam finds them: a disk, or a store such as gs:// or s3://."""

import json
import uuid

from keras_drop.embedding.begun import (
    MANIFEST,
    checked_begun,
    refuse_foreign,
    refuse_other,
)
from keras_drop.embedding.shard import FOLDER, NOTE
from keras_drop.files.image_file import MAX_BYTES
from keras_drop.files.packed_file import file_bytes

_PARTS, _ROWS = "parts", "rows"


def read_file(path):
    """Bytes of a file, of one in a packed file, or of an object in a store.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: It is no file, or too large.
    """
    if "://" in path:
        content = _read(path)
        if len(content) > MAX_BYTES:
            raise ValueError(f"{path} has {len(content):,} bytes.")
        return content
    return file_bytes(path)


def begin_anywhere(folder, told):
    """`begin` for a folder that may be in a store.

    What tries of a pipeline before left there is deleted.

    Raises:
        ValueError: It was begun with something else, or is another folder.
    """
    files = _file_systems()
    path = files.join(folder, MANIFEST)
    if files.exists(path):
        before = checked_begun(_parsed(_read(path)), path)
        refuse_other(folder, before, told)
        for name in (_PARTS, _ROWS):
            if files.exists(files.join(folder, name)):
                files.delete([files.join(folder, name)])
    else:
        refuse_foreign(folder, _names_in(folder))
    for name in ("", FOLDER, _PARTS, _ROWS):
        place = files.join(folder, name) if name else folder
        if not files.exists(place):
            files.mkdirs(place)
    if not files.exists(path):
        part = files.join(folder, f".{MANIFEST}.part")
        _write(part, json.dumps(told, indent=1).encode())
        files.rename([part], [path])


def finished_shards(folder):
    """Set of the numbers of the shards that are there."""
    files = _file_systems()
    (found,) = files.match([files.join(folder, FOLDER, "*", NOTE)])
    return {
        int(metadata.path.replace("\\", "/").split("/")[-2])
        for metadata in found.metadata_list
    }


def unreadable_of(folder, number):
    """How many images of a shard that is there could not be read."""
    path = _file_systems().join(folder, FOLDER, f"{number:06}", NOTE)
    return len(json.loads(_read(path))["unreadable"])


def write_rows(folder, number, rows):
    """Keeps the rows of a shard for the worker that will embed it."""
    path = _file_systems().join(folder, _ROWS, f"{number:06}.json")
    _write(path, json.dumps(rows).encode())


def read_rows(folder, number):
    """Dictionary of columns that `write_rows` wrote."""
    path = _file_systems().join(folder, _ROWS, f"{number:06}.json")
    return json.loads(_read(path))


def write_part(folder, number, content):
    """Writes the files of a shard where no other try writes its own.

    Returns:
        Place of the part, and names of its files, that of the note last.
    """
    files = _file_systems()
    place = files.join(folder, _PARTS, f"{number:06}-{uuid.uuid4().hex}")
    files.mkdirs(place)
    for name, data in content.items():
        _write(files.join(place, name), data)
    return place, list(content)


def commit_part(folder, number, place, names):
    """Makes a part the shard; done twice it is done once."""
    files = _file_systems()
    shard = files.join(folder, FOLDER, f"{number:06}")
    if not files.exists(shard) and "://" not in folder:
        files.mkdirs(shard)
    for name in names:
        source, target = files.join(place, name), files.join(shard, name)
        if files.exists(source):
            files.rename([source], [target])
        elif not files.exists(target):
            raise FileNotFoundError(f"{source} is gone before it was {target}.")
    rows = files.join(folder, _ROWS, f"{number:06}.json")
    files.delete([path for path in (place, rows) if files.exists(path)])


def _names_in(folder):
    """Names of what lies in a folder, of a file in it or further below."""
    folder = folder.rstrip("/")
    (found,) = _file_systems().match([f"{folder}/**"])
    paths = (
        metadata.path[len(folder) + 1 :] for metadata in found.metadata_list
    )
    return {path.replace("\\", "/").split("/")[0] for path in paths}


def _parsed(content):
    try:
        return json.loads(content)
    except ValueError:
        return None


def _read(path):
    with _file_systems().open(path) as file:
        return file.read()


def _write(path, content):
    with _file_systems().create(path) as file:
        file.write(content)


def _file_systems():
    from apache_beam.io.filesystems import FileSystems

    return FileSystems

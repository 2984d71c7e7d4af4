import itertools
import shutil
from pathlib import Path

from keras_drop.checks import refuse_less_than_1, refuse_negative
from keras_drop.data.reading.look_ahead import LookAhead, checked_workers
from keras_drop.data.reading.unreadable_files import UnreadableFiles
from keras_drop.embedding.begun import begin, one_writer, told_of
from keras_drop.embedding.describe_batches import describe_batches
from keras_drop.embedding.embedded_images import EmbeddedImages
from keras_drop.embedding.image_columns import image_columns
from keras_drop.embedding.reading import read_batch
from keras_drop.embedding.shard import FOLDER, Shard, shard_files
from keras_drop.embedding.storage import Storage
from keras_drop.gallery.embedding.embedder import load_embedder


def embed_images(
    model,
    images,
    folder,
    *,
    storage=Storage(),
    image_size=None,
    batch_size=64,
    max_unreadable=0,
    tell=None,
):
    """Embeds images into a folder; what was stopped goes on when called again.

    Images are read ahead on threads, embedded, and written shard by shard.
    Each shard is written aside, flushed and renamed: after a kill or a power
    cut at any moment it is there as a whole or not at all, and every image is
    in one shard. The folder knows what it was begun with, and refuses another
    model, other images and other settings.

    Args:
        model: A model, a `.keras` file, the folder of a SavedModel that
            `export_saved_model` wrote, or a preset.
        images: A list of paths, `Records`, or a dictionary of columns, one of
            them `path`; as `read_columns` gives it.
        folder: Folder of the shards; it is made.
        storage: `Storage`: size and types of the shards.
        image_size: `(height, width)` that images are resized to; left out,
            the model's.
        batch_size: Images embedded at a time.
        max_unreadable: Files that may be broken or missing in all; they are
            left out, and listed with their reasons.
        tell: Function that is given a line for each shard, such as `print`.

    Returns:
        `EmbeddedImages`.

    Raises:
        BlockingIOError: Another process writes to the folder.
        FileNotFoundError: An image that there is not.
        ValueError: A file that is no image, too many of them, or a folder
            that was begun with something else; nothing that embeds.

    Example:
    >>> import tempfile
    >>> from PIL import Image
    >>> from keras_drop.embedding import embed_images
    >>> from keras_drop.models import GlobalBaseline, resnet18
    >>> folder = tempfile.mkdtemp()
    >>> Image.new("RGB", (16, 32)).save(f"{folder}/a.png")
    >>> model = GlobalBaseline(resnet18((64, 32)), num_identities=3)
    >>> embedded = embed_images(model, [f"{folder}/a.png"], f"{folder}/out")
    >>> embedded.descriptors()
    Descriptors(1 images, 1 x 512)
    """
    refuse_less_than_1(batch_size=batch_size)
    refuse_negative(max_unreadable=max_unreadable)
    columns = image_columns(images)
    embedder = load_embedder(model)
    image_size = image_size or embedder.image_size
    folder, tell = Path(folder), tell or (lambda line: None)
    with one_writer(folder):
        begin(folder, told_of(embedder, image_size, columns, storage))
        for part in (folder / FOLDER).glob(".*"):  # Of a process that ended.
            shutil.rmtree(part, ignore_errors=True)
        count, each = len(columns["path"]), storage.images_each
        shards = [Shard(folder, k) for k in range(-(-count // each))]
        unreadable, missing = UnreadableFiles(max_unreadable), []
        for number, shard in enumerate(shards):
            if not shard.is_whole():
                missing.append(number)
                continue
            for path, reason in shard.note["unreadable"].items():
                unreadable.add(path, ValueError(reason))
        if missing and len(missing) < len(shards):
            tell(f"{len(shards) - len(missing)} shards are there")
        parts = list(_parts(missing, count, each, batch_size))
        paths = columns["path"]
        ahead = LookAhead(
            lambda k: read_batch(paths[parts[k][1]], image_size, unreadable),
            len(parts),
            checked_workers(),
        )
        batches = zip(parts, (ahead[k] for k in range(len(parts))))
        for number, of_shard in itertools.groupby(batches, lambda b: b[0][0]):
            rows = slice(number * each, min((number + 1) * each, count))
            files = shard_files(
                *describe_batches(embedder, (read for _, read in of_shard)),
                {"row": [*range(rows.start, rows.stop)], **_cut(columns, rows)},
                unreadable.reasons,
                storage,
            )
            shards[number].write(files)
            tell(f"shard {number + 1} of {len(shards)} is written")
    return EmbeddedImages(folder)


def _parts(missing, count, each, batch_size):
    """Shard and rows of each batch."""
    for number in missing:
        end = min((number + 1) * each, count)
        for start in range(number * each, end, batch_size):
            yield number, slice(start, min(start + batch_size, end))


def _cut(columns, rows):
    return {name: values[rows] for name, values in columns.items()}

import functools
import hashlib
import os

import numpy as np

from keras_drop.checks import refuse_negative
from keras_drop.embedding.beam.embedding_handler import EmbeddingHandler
from keras_drop.embedding.beam.files import (
    begin_anywhere,
    commit_part,
    finished_shards,
    read_file,
    read_rows,
    unreadable_of,
    write_part,
    write_rows,
)
from keras_drop.embedding.beam.missing_beam import refuse_missing_beam
from keras_drop.embedding.begun import told_of
from keras_drop.embedding.image_columns import absolute, image_columns
from keras_drop.embedding.shard import shard_files
from keras_drop.embedding.storage import Storage
from keras_drop.files.image_file import decode_image, rgb_pixels
from keras_drop.gallery.embedding.embedder import load_embedder

_LOST = "lost"


def embed_with_beam(
    pipeline,
    model,
    images,
    folder,
    *,
    storage=Storage(),
    image_size=None,
    batch_size=64,
    max_unreadable=0,
):
    """What `embed_images` does, as steps of a pipeline of Apache Beam.

    The folder is the same, and `EmbeddedImages` reads it. Workers read the
    images, embed them by `RunInference` and `EmbeddingHandler`, and write each
    shard to a place of its own; the try that the runner kept is renamed, its
    note last, so that a shard that was tried twice is there once. What is
    there when the pipeline is made is left out; a folder that was begun with
    something else is refused.

    Args:
        pipeline: `apache_beam.Pipeline`.
        model: A `.keras` file, the folder of a SavedModel or a preset, where
            this process and all workers find it.
        images: As of `embed_images`; paths that all workers can read, of files
            or of objects such as `gs://bucket/a.jpg`.
        folder: As of `embed_images`, where all workers can write.
        storage: `Storage`.
        image_size: As of `embed_images`.
        batch_size: Images embedded at a time.
        max_unreadable: As of `embed_images`, of the shards that are there
            already as well; where there are more, the pipeline fails when it
            is at its end.

    Returns:
        `PCollection` of one number: the images that cannot be read.

    Raises:
        ImportError: Apache Beam is not installed.
        ValueError: A folder that was begun with something else, or that is
            another; nothing that embeds.
    """
    refuse_missing_beam()
    import apache_beam as beam
    from apache_beam.ml.inference.base import KeyedModelHandler, RunInference

    refuse_negative(max_unreadable=max_unreadable)
    # Workers may start elsewhere.
    folder, columns = absolute(str(folder)), image_columns(images)
    if isinstance(model, str | os.PathLike) and os.path.exists(model):
        model = absolute(str(model))
    handler = EmbeddingHandler(model, image_size, batch_size)
    embedder = load_embedder(model)
    size = image_size or embedder.image_size
    begin_anywhere(folder, told_of(embedder, size, columns, storage))
    there = sorted(finished_shards(folder))
    missing = _write_missing(folder, columns, storage.images_each, there)
    read = (
        pipeline
        | "Shards" >> beam.Create(missing, reshuffle=False)
        | "Rows" >> beam.FlatMap(functools.partial(_rows, folder))
        | "Spread" >> beam.Reshuffle()
        | "Read"
        >> beam.FlatMap(
            functools.partial(_read, max_unreadable > 0)
        ).with_outputs(_LOST, main="read")
    )
    found = (
        read["read"]
        | "Embed" >> RunInference(KeyedModelHandler(handler))
        | "Described" >> beam.Map(_described)
    )
    before = (
        pipeline
        | "There" >> beam.Create(there)
        | "Lost before" >> beam.Map(functools.partial(unreadable_of, folder))
    )
    written = (
        (found, read[_LOST])
        | "Both" >> beam.Flatten()
        | "By shard" >> beam.GroupByKey()
        | "Write" >> beam.Map(functools.partial(_write, folder, storage))
        # So that what is renamed is what the runner kept.
        | "Kept" >> beam.Reshuffle()
        | "Commit" >> beam.Map(functools.partial(_commit, folder))
    )
    return (
        (before, written)
        | "All shards" >> beam.Flatten()
        | "Unreadable" >> beam.CombineGlobally(sum)
        | "Check" >> beam.Map(functools.partial(_check, max_unreadable))
    )


def _write_missing(folder, columns, each, there):
    """Numbers of the shards that are to be made; their rows are written."""
    count = len(columns["path"])
    missing = sorted({*range(-(-count // each))} - {*there})
    for number in missing:
        rows = slice(number * each, min((number + 1) * each, count))
        cut = {name: values[rows] for name, values in columns.items()}
        write_rows(folder, number, {"row": [*range(count)][rows], **cut})
    return missing


def _rows(folder, number):
    """Shard, place in it and path of each image."""
    paths = read_rows(folder, number)["path"]
    return [(number, place, path) for place, path in enumerate(paths)]


def _read(go_on, row):
    """Pixels of an image, or why there are none."""
    from apache_beam.pvalue import TaggedOutput

    number, place, path = row
    try:
        content = read_file(path)
        pixels = decode_image(content, rgb_pixels, path)
    except (OSError, ValueError) as error:
        if not go_on:
            raise
        lost = (number, (place, None, str(error), None))
        return [TaggedOutput(_LOST, lost)]
    key = (number, place, hashlib.sha256(content).hexdigest())
    return [(key, pixels)]


def _described(pair):
    (number, place, content), result = pair
    found = result.inference
    return number, (place, content, found["embeddings"], found["visibility"])


def _write(folder, storage, group):
    """A shard, in a place of its own; and how many files were lost."""
    number, found = group
    found = sorted(found, key=lambda row: row[0])
    rows = read_rows(folder, number)
    if [row[0] for row in found] != list(range(len(rows["row"]))):
        raise RuntimeError(
            f"Shard {number} has {len(rows['row'])} images, the runner gave "
            f"{len(found)} of them."
        )
    reasons = {
        rows["path"][place]: why
        for place, content, why, _ in found
        if content is None
    }
    there = [row for row in found if row[1] is not None]
    embeddings = visibility = None
    if there:
        embeddings = np.zeros((len(found), *there[0][2].shape), "float32")
        visibility = np.zeros(embeddings.shape[:2], "float32")
        for place, _, embedding, seen in there:
            embeddings[place], visibility[place] = embedding, seen
    files = shard_files(
        embeddings,
        visibility,
        [content for _, content, _, _ in found],
        rows,
        reasons,
        storage,
    )
    return number, *write_part(folder, number, files), len(reasons)


def _commit(folder, written):
    number, place, names, lost = written
    commit_part(folder, number, place, names)
    return lost


def _check(max_unreadable, lost):
    if lost > max_unreadable:
        raise ValueError(
            f"{lost} files cannot be read, `max_unreadable` is "
            f"{max_unreadable}. The shards list them."
        )
    return lost

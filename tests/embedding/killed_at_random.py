"""Kills processes that embed, again and again; prints how many.

`python -m tests.embedding.killed_at_random FOLDER`. Run as a program of its
own, so that the processes are forked from one that has computed nothing yet.
"""

import os
import random
import signal
import sys
import time
from pathlib import Path

import numpy as np

from keras_drop.embedding import EmbeddedImages, Storage, embed_images
from keras_drop.embedding.shard import Shard
from tests.embedding.photos import describe, embedder, make_photos

KILLS, COUNT, EACH = 20, 900, 3
STORAGE = Storage(images_each=EACH, dtype="float16")


def work(paths, out, tell=None):
    return embed_images(
        embedder(), paths, out, storage=STORAGE, batch_size=2, tell=tell
    )


def kill_one(seed, paths, out):
    """Kills a process some time after its first shard, or its begin."""
    told, telling = os.pipe()
    child = os.fork()
    if not child:
        try:
            work(paths, out, lambda line: os.write(telling, b"."))
        finally:
            os._exit(1)
    os.close(telling)
    if seed % 2:
        os.read(told, 1)
    time.sleep(random.Random(seed).random() * 0.05)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(told)


def finished(out):
    """When each whole shard was written, and that what is there is whole."""
    times = {}
    for folder in Path(out, "shards").glob("[0-9]*"):
        shard = Shard(out, int(folder.name))
        assert shard.is_whole() and not shard.wrong_files(), folder
        times[folder.name] = (folder / "shard.json").stat().st_mtime_ns
    return times


def main(folder):
    paths, photos = make_photos(Path(folder, "photos"), COUNT)
    out, before, stopped = Path(folder, "out"), {}, 0
    for seed in range(KILLS):
        kill_one(seed, paths, out)
        after = finished(out)
        assert before.items() <= after.items(), "a shard was lost or redone"
        stopped += len(after) < COUNT // EACH
        before = after
    work(paths, out)
    assert finished(out).items() >= before.items()
    embedded = EmbeddedImages(out)
    assert embedded.columns()["row"].tolist() == list(range(COUNT))
    assert embedded.columns()["path"].tolist() == paths
    means = np.stack([describe(photo)[0] for photo in photos])
    found = embedded.descriptors().embeddings
    assert np.array_equal(found, means.astype("float16").astype("float32"))
    assert not list(Path(out, "shards").glob(".*")), "half a shard"
    print(stopped)


if __name__ == "__main__":
    main(sys.argv[1])

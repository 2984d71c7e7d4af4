"""Kills processes that write to a gallery; prints how many, and what broke.

`python -m tests.gallery.killed_at_random FOLDER ENGINE`. Run as a program of
its own, so that the processes are forked from one without threads or
TensorFlow.
"""

import json
import os
import random
import select
import signal
import sqlite3
import sys
import time

import numpy as np

from keras_drop import Descriptors, Gallery
from keras_drop.gallery.adding import arrivals
from keras_drop.gallery.engines.concatenated import concatenated
from keras_drop.gallery.storing.described import described_of

KILLS = 20
SHAPE = 3, 16


def describe(frames):
    """Descriptors that anybody can tell the frame of."""
    rng = [np.random.default_rng(int(frame)) for frame in frames]
    return Descriptors(
        np.stack([r.normal(size=SHAPE) for r in rng]),
        np.stack([r.random(SHAPE[0]) < 0.6 for r in rng]),
        ("head", "torso", "legs"),
    )


def work(path, seed, done, engine):
    """Adds, removes and compacts for ever, and says what was done."""
    draw = random.Random(seed)
    gallery = Gallery.open(path, engine=engine)
    while True:
        what = draw.choice(("add", "add", "remove", "compact"))
        frames = sorted(draw.sample(range(300), 40))
        os.write(done, f"begin {what} {frames}\n".encode())
        if what == "add":
            gallery.add(
                describe(frames),
                identities=[f"frame {f}" for f in frames],
                frame=frames,
            )
        elif what == "remove":
            for frame in frames:
                gallery.remove(identity=f"frame {frame}")
        else:
            gallery.compact()
        # The copy of all embeddings is made, and made longer.
        if engine == "milvus":
            gallery._engine.copy.follow(gallery.about, gallery.distance)
        elif what == "compact":
            gallery._engine.vectors(gallery.about)
        os.write(done, b"end\n")


def kill_one(path, seed, engine):
    """Lines of what a process said that was killed at some moment."""
    told, done = os.pipe()
    child = os.fork()
    if not child:
        try:
            work(path, seed, done, engine)
        finally:
            os._exit(1)
    os.close(done)
    # Half of them before anything is done, and up to some commits later.
    longest = 0.4
    if engine == "milvus":
        select.select([told], [], [], 60)  # Until it begins.
        longest = 2.0
    time.sleep(random.Random(seed).random() ** 2 * longest)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(told) as file:
        return file.read().splitlines()


def expected(frames, lines):
    """What has to be there, and what may have come or gone besides."""
    maybe = set()
    for number, line in enumerate(lines):
        if not line.startswith("begin"):
            continue
        what, rest = line.split(" ", 2)[1:]
        touched = set(json.loads(rest))
        if "end" not in lines[number:]:
            maybe = touched if what != "compact" else set()
        elif what == "add":
            frames = frames | touched
        elif what == "remove":
            frames = frames - touched
    return frames, maybe


def check(path, frames, maybe):
    """The frames that are there, each once and as a whole."""
    gallery = Gallery.open(path)
    connection = sqlite3.connect(f"{path}/gallery.sqlite")
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    numbers = connection.execute("SELECT id FROM images ORDER BY id").fetchall()
    same = connection.execute("SELECT id FROM vectors ORDER BY id").fetchall()
    connection.close()
    assert numbers == same, "half an image"
    rows = gallery._store.rows([number for (number,) in numbers])
    there = [int(row["identity"].split()[1]) for row in rows]
    assert len(set(there)) == len(there), "an image twice"
    assert frames - maybe <= set(there) <= frames | maybe, "an image too many"
    if not there:
        return set()
    whole = describe(there)
    found = gallery._engine.vectors(gallery.about).described
    assert np.array_equal(found.embeddings, whole.embeddings), "mapped"
    assert np.array_equal(found.visibility, whole.visibility)
    stored = np.stack([np.frombuffer(row["embedding"], "f4") for row in rows])
    assert np.array_equal(stored, whole.embeddings.reshape(len(rows), -1))
    return set(there)


def check_milvus(path):
    """Opens the copy in Milvus, and compares all of it with the gallery."""
    child = os.fork()
    if not child:
        code = 1
        try:
            gallery = Gallery.open(path, engine="milvus")
            about, copy = gallery.about, gallery._engine.copy
            if about["part_names"]:
                assert copy.follow(about, gallery.distance)
                numbers = gallery._store.numbers().tolist()
                assert not copy.errors(about)
                collection = copy.collection(about)
                assert collection.count() == len(numbers)
                rows = collection._client.query(
                    collection._name,
                    ids=numbers,
                    output_fields=["vector", "pattern"],
                )
                stored = described_of(gallery._store.described(numbers), about)
                vectors, patterns = concatenated(
                    stored.embeddings,
                    stored.scales,
                    stored.visibility,
                    gallery.distance,
                )
                rows = {row["id"]: row for row in rows}
                for number, vector, pattern in zip(numbers, vectors, patterns):
                    assert rows[number]["pattern"] == pattern, "half a row"
                    np.testing.assert_array_equal(
                        np.array(rows[number]["vector"], "f4"), vector
                    )
            code = 0
        finally:
            os._exit(code)
    assert os.waitpid(child, 0)[1] == 0, "the copy in Milvus"


def main(folder, engine="disk"):
    arrivals._DESCRIPTORS = 8  # Several transactions a call.
    if engine == "milvus":  # Once, not in each process.
        import milvus_lite.adapter.grpc.server  # noqa: F401
        import pymilvus  # noqa: F401
    path, there, interrupted = f"{folder}/killed.gallery", set(), 0
    Gallery.create(path)
    for seed in range(KILLS):
        lines = kill_one(path, seed, engine)
        frames, maybe = expected(there, lines)
        interrupted += bool(lines) and lines[-1] != "end"
        if engine == "milvus" and there | frames:
            check_milvus(path)
        there = check(path, frames, maybe)
    print(interrupted, len(there))


if __name__ == "__main__":
    main(*sys.argv[1:])

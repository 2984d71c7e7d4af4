"""Kills processes that write to a gallery; prints how many, and what broke.

`python -m tests.gallery.killed_at_random FOLDER`. Run as a program of its own,
so that the processes are forked from one without threads or TensorFlow.
"""

import json
import os
import random
import signal
import sqlite3
import sys
import time

import numpy as np

from keras_drop import Descriptors, Gallery
from keras_drop.gallery.adding import arrivals

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


def work(path, seed, done):
    """Adds, removes and compacts for ever, and says what was done."""
    draw = random.Random(seed)
    gallery = Gallery.open(path)
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
            # The file of all embeddings is made, and made longer.
            gallery._engine.vectors(gallery.about)
        os.write(done, b"end\n")


def kill_one(path, seed):
    """Lines of what a process said that was killed at some moment."""
    told, done = os.pipe()
    child = os.fork()
    if not child:
        try:
            work(path, seed, done)
        finally:
            os._exit(1)
    os.close(done)
    # Half of them before anything is done, and up to some commits later.
    time.sleep(random.Random(seed).random() ** 2 * 0.4)
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


def main(folder):
    arrivals._DESCRIPTORS = 8  # Several transactions a call.
    path, there, interrupted = f"{folder}/killed.gallery", set(), 0
    Gallery.create(path)
    for seed in range(KILLS):
        lines = kill_one(path, seed)
        frames, maybe = expected(there, lines)
        interrupted += bool(lines) and lines[-1] != "end"
        there = check(path, frames, maybe)
    print(interrupted, len(there))


if __name__ == "__main__":
    main(sys.argv[1])

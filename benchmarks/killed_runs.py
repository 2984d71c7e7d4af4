"""Kills a small run at random moments, and compares it with one left alone.

    python -m benchmarks.killed_runs --kills 20

Prints how many runs ended with another curve or other weights, and how many
checkpoints could not be read; both are 0. The backend is that of
`KERAS_BACKEND`.
"""

import argparse
import contextlib
import hashlib
import io
import multiprocessing
import random
import sys
import tempfile
import time
from pathlib import Path

EPOCHS = 12


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--longest", type=float, default=4.0, help="seconds until a kill"
    )
    options = parser.parse_args()
    rng = random.Random(options.seed)
    kills = runs = differing = damaged = 0
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        _draw(root / "images")
        expected = _left_alone(root, "alone")[1]
        while kills < options.kills:
            runs += 1
            name = f"run{runs}"
            while kills < options.kills:
                finished, told = _killed(root, name, rng, options.longest)
                damaged += told
                if finished:
                    break
                kills += 1
                last = sorted(path.name for path in (root / name).glob("e*"))
                print(f"kill {kills}: {last[-1:]}", flush=True)
            told, outcome = _left_alone(root, name)
            damaged += told
            differing += outcome != expected
    print(
        f"{kills} kills of {runs} runs: {differing} with another curve or "
        f"other weights, {damaged} damaged checkpoints"
    )
    return int(bool(differing or damaged))


def _process(root, name):
    """A process of the run, and what it tells."""
    # One that has imported everything already, to be quicker.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["keras_drop.training"])
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=run, args=(root, name, there))
    process.start()
    there.close()
    return process, here


def _left_alone(root, name):
    """What was damaged, and the curve and the weights of a run at its end."""
    process, pipe = _process(root, name)
    damaged = pipe.recv()
    *_, total = iter(pipe.recv, None)
    process.join()
    return damaged, (total, (root / f"{name}.csv").read_text())


def _killed(root, name, rng, longest):
    """Whether the run was over before its kill, and what was damaged."""
    process, pipe = _process(root, name)
    damaged = pipe.recv()
    pipe.recv()  # The first step is done.
    process.join(rng.uniform(0, longest))
    finished = process.exitcode == 0
    process.kill()
    process.join()
    return finished, damaged


def _draw(folder):
    """Images of noise of six people."""
    import numpy as np
    from PIL import Image

    folder.mkdir()
    rng = np.random.default_rng(1)
    for person in range(6):
        for number in range(8):
            pixels = rng.integers(0, 255, (32, 16, 3), "uint8")
            Image.fromarray(pixels).save(folder / f"{person}_{number}.png")


def run(root, name, pipe):
    """The run, in a process of its own; goes on from its checkpoint.

    Tells how many checkpoints were damaged, when a step is done, a sum of
    its weights, and `None`.
    """
    import keras
    import numpy as np

    from keras_drop import Records
    from keras_drop.data import IdentitySampler, TrainingBatches
    from keras_drop.training import (
        CoupledAdam,
        FiniteTerms,
        HistoryFile,
        RunCheckpoint,
        resumed_fit,
    )

    paths = sorted((root / "images").iterdir())
    people = [int(path.name[0]) for path in paths]
    batches = TrainingBatches(
        Records(paths, people, [0] * len(paths)),
        (32, 16),
        sampler=IdentitySampler(2, 2),
        transforms=("flip", "crop", "erase"),
        workers=2,
    )
    # Each process draws other weights, which the checkpoint has to replace;
    # the first of a run has to begin as that which was left alone.
    checkpoint = RunCheckpoint(root / name, batches, minutes=0.002)
    with contextlib.redirect_stdout(io.StringIO()) as said:
        state = checkpoint.state()
    pipe.send(said.getvalue().count("damaged"))
    keras.utils.set_random_seed(time.time_ns() % 2**31 if state else 1)
    model = _model()
    model.compile(CoupledAdam(1e-3))
    started = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: pipe.send("a step is done")
    )
    history = HistoryFile(root / f"{name}.csv", state["epoch"] if state else 0)
    resumed_fit(
        model,
        checkpoint,
        EPOCHS,
        [started, FiniteTerms(batches), history],
        verbose=0,
    )
    total = hashlib.sha256()
    for weight in model.weights:
        total.update(np.ascontiguousarray(keras.ops.convert_to_numpy(weight)))
    pipe.send(total.hexdigest())
    pipe.send(None)


def _model():
    """A small model with a batch normalisation and dropout."""
    import keras
    import keras_hub

    from keras_drop.models import GlobalBaseline

    images = maps = keras.Input((32, 16, 3))
    pyramid = {}
    for level, channels in enumerate((8, 12, 16, 20), start=2):
        stride = {2: 4, 5: 1}.get(level, 2)
        maps = keras.layers.Conv2D(channels, stride, stride)(maps)
        if level == 2:
            maps = keras.layers.BatchNormalization()(maps)
            maps = keras.layers.Dropout(0.2)(maps)
        maps = pyramid[f"P{level}"] = keras.layers.ReLU()(maps)
    backbone = keras_hub.models.FeaturePyramidBackbone(images, maps)
    backbone.image_shape = (32, 16, 3)
    backbone.pyramid_outputs = pyramid
    return GlobalBaseline(backbone, num_identities=6)


if __name__ == "__main__":
    sys.exit(main())

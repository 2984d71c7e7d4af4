"""How long `keras-drop check` looks at 30,000 images.

    python -m benchmarks.data_check

Half of them are for training, the others for the test, each of another person
of ten images; JPEG files of 128 x 64, as in Market-1501. They are smooth noise,
which takes as long to decode as photographs do. Beside the seconds are those of
the processor, since other programs on the machine do not count there.
`--results=FILE` keeps the figures.
"""

import tempfile
import time
from pathlib import Path

import cv2
import numpy as np
from absl import app, flags

from benchmarks.recording import record
from benchmarks.result_files import one_run
from keras_drop import Records
from keras_drop.datasets import check_splits

IMAGES = flags.DEFINE_integer("images", 30_000, "number of images")


def make_splits(root, num_images):
    """`Records` of training, queries and gallery, of images written here."""
    rng = np.random.default_rng(0)
    splits = {}
    shares = {"train": 0.5, "query": 0.1, "gallery": 0.4}
    for number, (split, share) in enumerate(shares.items()):
        paths = [
            str(Path(root) / f"{split}_{row:06}.jpg")
            for row in range(int(share * num_images))
        ]
        for path in paths:
            coarse = rng.integers(0, 256, (16, 8, 3)).astype("uint8")
            image = cv2.resize(coarse, (64, 128), interpolation=cv2.INTER_CUBIC)
            cv2.imwrite(path, image)
        rows = np.arange(len(paths))
        identities = rows // (2 if split == "query" else 8)
        identities += num_images if split == "train" else 0
        splits[split] = Records(paths, identities, rows % 2 + 2 * (number > 1))
    return splits


def main(_):
    with tempfile.TemporaryDirectory() as root:
        splits = make_splits(root, IMAGES.value)
        start, processor = time.perf_counter(), time.process_time()
        findings = check_splits(splits)
        figures = {
            "seconds": time.perf_counter() - start,
            "processor seconds": time.process_time() - processor,
        }
    for finding in findings:
        print(finding.level, finding.kind, finding.message)
    print(f"{IMAGES.value:,} images: {figures}")
    record({f"{IMAGES.value:,} images": one_run(figures, 1)})


if __name__ == "__main__":
    app.run(main)

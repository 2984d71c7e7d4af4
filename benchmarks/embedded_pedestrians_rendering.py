"""How many embedded pedestrians a core draws and writes in a second.

    python -m benchmarks.embedded_pedestrians_rendering

Counted are the pictures of the largest camera (256x128) in one process, files
included. The time is that of the processor, so that other programs on the
machine do not count. `--results=FILE` keeps the figures.
"""

import tempfile
import time
from pathlib import Path

import cv2
from absl import app, flags

from benchmarks.recording import record
from benchmarks.result_files import one_run
from keras_drop.datasets.embedded_pedestrians.files.job import Job, Settings
from keras_drop.datasets.embedded_pedestrians.files.plan import (
    FOLDERS,
    plan_tasks,
)

LARGEST_CAMERA = 0
IMAGES = flags.DEFINE_integer("images", 200, "pictures of each kind")


def measure(num_images, root):
    """Pictures a second of processor time: whole ones, and hidden ones."""
    cv2.setNumThreads(1)
    for folder in FOLDERS.values():
        (Path(root) / folder).mkdir()
        (Path(root) / "parts" / folder).mkdir(parents=True)
    job = Job(root, Settings("small", 1, "standard", 0.0))
    tasks = plan_tasks("small", 1, "standard")
    tasks = [task for task in tasks if task.camera == LARGEST_CAMERA]
    job(tasks[0])
    speeds = {}
    for name, hidden in (("whole", False), ("hidden", True)):
        chosen = [t for t in tasks if (t.hidden is not None) == hidden]
        chosen = chosen[:num_images]
        start = time.process_time()
        for task in chosen:
            job(task)
        speeds[name] = len(chosen) / (time.process_time() - start)
    return speeds


def main(_):
    with tempfile.TemporaryDirectory() as root:
        speeds = measure(IMAGES.value, root)
    for name, speed in speeds.items():
        print(f"{name:8}{speed:8.0f} images/s and core at 256x128")
    record(
        {
            name: one_run({"images a second": speed}, 0)
            for name, speed in speeds.items()
        }
    )


if __name__ == "__main__":
    app.run(main)

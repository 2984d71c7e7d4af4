"""Writes streets as folders of frames, with true and with found boxes."""

from pathlib import Path

import cv2
import numpy as np

from keras_drop.checks import (
    refuse_no_count,
    refuse_no_whole,
    refuse_outside,
)
from keras_drop.datasets.embedded_pedestrians.person.draw_identities import (
    draw_identities,
)
from keras_drop.datasets.embedded_pedestrians.scene.camera import NUM_CAMERAS
from keras_drop.datasets.embedded_pedestrians.walks.detection_noise import (
    DetectionNoise,
    detect,
)
from keras_drop.datasets.embedded_pedestrians.walks.passage import (
    plan_passages,
)
from keras_drop.datasets.embedded_pedestrians.walks.street import draw_street
from keras_drop.datasets.embedded_pedestrians.walks.street_frame import (
    draw_street_frame,
)
from keras_drop.datasets.files.whole_files import encode, write_file


def walk_embedded_pedestrians(
    root,
    num_people=12,
    num_cameras=2,
    num_frames=300,
    seed=1,
    noise=DetectionNoise(),
):
    """Draws people who walk behind obstacles and back, in several cameras.

    Each camera is a folder in the layout of the MOT Challenge: `img1` with
    frames of 640 x 256 pixels, `gt/gt.txt` with the true boxes, the same
    number being the same person in all cameras, and their visibility; and
    `det/det.txt` with what a detector would find, of nobody's number. The
    frames of all cameras are of the same clock. Every fourth person is a twin
    of another, who differs in the clothes of one part. People, places and
    ways follow from the seed; nobody is in the data set of that seed. A camera
    that was written is left as it is.

    Args:
        root: Folder to write to.
        num_people: Number of people.
        num_cameras: Number of cameras, at most 8.
        num_frames: Frames of each.
        seed: Whole number, not negative, everything follows from.
        noise: `DetectionNoise`: what the detector does wrong.

    Returns:
        List of the folders of the cameras.

    Raises:
        ValueError: A number that is none, too small or too large.

    Example:
    >>> import tempfile
    >>> from keras_drop.datasets.embedded_pedestrians import (
    ...     walk_embedded_pedestrians,
    ... )
    >>> folders = walk_embedded_pedestrians(
    ...     tempfile.mkdtemp(), num_people=2, num_cameras=1, num_frames=2)
    >>> sorted(path.name for path in folders[0].iterdir())
    ['det', 'gt', 'img1']
    """
    refuse_no_count(
        num_people=num_people, num_cameras=num_cameras, num_frames=num_frames
    )
    refuse_outside(1, NUM_CAMERAS, num_cameras=num_cameras)
    refuse_no_whole(seed=seed)
    people, _ = draw_identities(
        num_people, np.random.default_rng([seed, 20, 0])
    )
    streets = [draw_street(seed, number) for number in range(num_cameras)]
    passages = plan_passages(
        num_people, num_frames, streets, np.random.default_rng([seed, 20, 1])
    )
    folders = []
    for number, street in enumerate(streets):
        folder = Path(root) / f"camera{number + 1}"
        ways = [p for p in passages if p.camera == number]
        # Written last.
        if not (folder / "gt" / "gt.txt").exists():
            rng = np.random.default_rng([seed, 24, number])
            _write_camera(
                folder,
                (
                    draw_street_frame(street, ways, people, frame, seed)
                    for frame in range(1, num_frames + 1)
                ),
                lambda seen, size, rng=rng: detect(seen, size, noise, rng),
            )
        folders.append(folder)
    return folders


def _write_camera(folder, frames, find):
    truth, found = [], []
    for name in ("img1", "gt", "det"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for number, (image, seen) in enumerate(frames, 1):
        content = encode(".jpg", image, cv2.IMWRITE_JPEG_QUALITY, 90)
        write_file(folder / "img1" / f"{number:06}.jpg", content)
        truth += [
            f"{number},{one.person},{_place(one.box)},1,1,{one.visibility:.4f}"
            for one in seen
        ]
        found += [
            f"{number},-1,{_place(box)},{score:.4f},-1,-1,-1"
            for box, score in zip(*find(seen, image.shape[:2]))
        ]
    for name, lines in (("det", found), ("gt", truth)):
        text = "".join(f"{line}\n" for line in lines)
        write_file(folder / name / f"{name}.txt", text.encode())


def _place(box):
    """Left, top, width and height, as these files count pixels: from 1."""
    left, top, right, bottom = box
    values = left + 1, top + 1, right - left, bottom - top
    return ",".join(f"{value:.2f}" for value in values)

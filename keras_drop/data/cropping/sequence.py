import collections
import dataclasses
import re

import cv2
import numpy as np

from keras_drop.data.cropping.boxes import Boxes
from keras_drop.data.cropping.crop_boxes import cut, refused
from keras_drop.data.cropping.frames import Frames
from keras_drop.datasets.files.whole_files import encode, write_file


@dataclasses.dataclass(frozen=True)
class Sequence:
    """What one camera saw, and the boxes of the people in it.

    Args:
        name: Of the camera.
        frames: `Frames`.
        boxes: `Boxes`.
    """

    name: str
    frames: Frames
    boxes: Boxes


def crop_sequence(folder, sequence, rule, every, counts):
    """Writes the crops of a sequence.

    Args:
        folder: `pathlib.Path` where they go, below the name of the sequence.
        sequence: `Sequence`.
        rule: `CropRule`.
        every: Of a track every how manieth box counts.
        counts: `collections.Counter`, to which boxes are added by what became
            of them.

    Returns:
        A dictionary for each crop: what the table says of it.
    """
    boxes, frames = sequence.boxes, sequence.frames
    if frames.is_video and boxes.names_files:
        raise ValueError(
            f"The boxes of {sequence.name} name files, but {frames.path} is a "
            "video. Number the frames, or give the folder of images."
        )
    counted = _every(boxes.tracks, every)
    wanted = set(boxes.frames[counted].tolist())
    found, seconds = [], frames.seconds
    (folder / _safe(sequence.name)).mkdir(parents=True, exist_ok=True)

    def key(number, name):
        base = name.rpartition("/")[2]
        named = name if name in wanted else base
        return named if boxes.names_files else number

    for number, name, frame in frames.wanted(lambda *of: key(*of) in wanted):
        rows = boxes.rows_of(key(number, name))
        reasons = refused(
            boxes.boxes[rows],
            frame.shape[:2],
            rule,
            boxes.visibility[rows],
            boxes.scores[rows],
        )
        time = (number - frames.first) * seconds if seconds else number
        for row, reason in zip(rows[counted[rows]], reasons[counted[rows]]):
            counts[reason or "cropped"] += 1
            if reason:
                continue
            track = boxes.tracks[row] or f"box{row}"
            path = f"{_safe(sequence.name)}/{_safe(track)}_{number:06}_{row}"
            pixels = cut(frame, boxes.boxes[row], rule.padding)
            quality = cv2.IMWRITE_JPEG_QUALITY, 95
            write_file(folder / f"{path}.jpg", encode(".jpg", pixels, *quality))
            visibility = boxes.visibility[row].item()
            found.append(
                {
                    "path": f"{path}.jpg",
                    "camera": sequence.name,
                    "track": str(track),
                    "alone": not boxes.tracks[row],
                    "time": time,
                    "visibility": visibility,
                    "occlusion": 1 - visibility,
                }
            )
        wanted.discard(key(number, name))
    missing = np.isin(boxes.frames[counted], list(wanted)).sum()
    counts["no frame"] += int(missing)
    return found


def _every(tracks, every):
    """Which boxes count; one without a track always does."""
    seen, counted = collections.Counter(), np.ones(len(tracks), bool)
    for row, track in enumerate(tracks.tolist()):
        counted[row] = not track or seen[track] % every == 0
        seen[track] += 1
    return counted


def _safe(name):
    """A name that is one of a file; others may become alike, rows do not."""
    return re.sub(r"[^\w.-]", "_", name).lstrip(".") or "_"

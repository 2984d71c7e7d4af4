"""Cut people out of frames or videos, by boxes, and list them in a table."""

import csv
import dataclasses
import math
from pathlib import Path

from keras_drop.data import CropRule, Frames, Sequence, read_boxes, write_crops
from keras_drop.flags import flag, read_flags

_USAGE = """\
usage: keras-drop crop --frames=FOLDER --boxes=FILE --output=FOLDER [flags]

Boxes are MOT text (gt.txt, det.txt), COCO (.json) or a table (.csv) with the
columns frame, left, top, width, height, and track, visibility, score if known.
A track is an identity, a sequence a camera. Several sequences are separated by
commas. The table, OUTPUT/crops.csv, is data for every other command.

example:
  keras-drop crop --frames=door.mp4,gate.mp4 --boxes=door.csv,gate.csv \\
    --output=crops --padding=0.05
  keras-drop check --data=crops/crops.csv
"""
# Folders that say what they hold, not whose it is.
_PLAIN = ("img1", "images", "frames")


@dataclasses.dataclass(frozen=True)
class Settings:
    """Flags."""

    frames: tuple[str, ...] = flag((), "folders of images, or video files")
    boxes: tuple[str, ...] = flag((), "files of boxes, one for each of them")
    output: Path = flag(Path("crops"), "folder for the crops and crops.csv")
    cameras: tuple[str, ...] = flag((), "names; empty: of the frames' folders")
    first_frame: int = flag(1, "number of a video's first frame, in the boxes")
    padding: float = flag(0.0, "around a box, share of its size on each side")
    min_width: int = flag(16, "pixels of a box")
    min_height: int = flag(32, "pixels of a box")
    max_covered: float = flag(1.0, "share of a box that nearer boxes cover")
    min_visibility: float = flag(0.0, "least visibility, where it is known")
    min_score: float = flag(-math.inf, "least score of the detector, if known")
    every: int = flag(1, "of a track take every how manieth box")
    same_people: bool = flag(
        False, "a track number is the same person in all sequences"
    )
    test_share: float = flag(0.0, "share of the people who are test")
    seed: int = flag(1, "draws who they are")


def main(argv):
    """Cuts the people out.

    Args:
        argv: Flags as strings, without the name of the command.

    Returns:
        0, the exit code.

    Raises:
        FileNotFoundError: No frames, or no boxes.
        FileExistsError: The output has crops already.
        ValueError: Not as many boxes as frames, or what `write_crops` refuses.
    """
    settings = read_flags(Settings(), argv, _USAGE)
    rule = CropRule(
        **{
            field.name: getattr(settings, field.name)
            for field in dataclasses.fields(CropRule)
        }
    )
    counts = write_crops(
        settings.output,
        sequences_of(settings),
        rule,
        every=settings.every,
        same_people=settings.same_people,
        test_share=settings.test_share,
        seed=settings.seed,
    )
    table = settings.output / "crops.csv"
    print(f"{counts.pop('cropped')} crops are listed in {table}.")
    if counts:
        reasons = ", ".join(f"{n} {reason}" for reason, n in counts.items())
        print(f"Boxes left out: {reasons}.")
    if settings.test_share and not _in_two_cameras(table):
        print(
            "Nobody to be tested is in two sequences: evaluate with "
            "--camera_mode=none."
        )
    return 0


def sequences_of(settings):
    """`Sequence`s of the settings' frames, boxes, cameras and first frame."""
    frames, boxes = settings.frames, settings.boxes
    if not frames or len(frames) != len(boxes):
        raise ValueError(
            f"There are {len(frames)} --frames and {len(boxes)} --boxes; give "
            "one file of boxes for each folder or video."
        )
    names = settings.cameras or [_name(Path(path)) for path in frames]
    if len(names) != len(frames):
        raise ValueError(
            f"There are {len(frames)} --frames and {len(names)} --cameras."
        )
    return [
        Sequence(name, Frames(path, settings.first_frame), read_boxes(file))
        for name, path, file in zip(names, frames, boxes)
    ]


def _name(path):
    path = path.resolve()
    if path.name.lower() in _PLAIN:
        return path.parent.name
    return path.stem if path.is_file() else path.name


def _in_two_cameras(table):
    cameras = {}
    with open(table, newline="", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if row["split"] != "train":
                cameras.setdefault(row["identity"], set()).add(row["camera"])
    return any(len(seen) > 1 for seen in cameras.values())

"""Give the tracks of a tracker, or plain boxes, their people back."""

import dataclasses
import math
from pathlib import Path

from keras_drop.cli.crop import sequences_of
from keras_drop.data import CropRule
from keras_drop.evaluation import PairVerdict
from keras_drop.flags import flag, read_flags
from keras_drop.gallery.embedding.embedder import load_embedder
from keras_drop.tracking import Follower, FrameEncoder, Limit, TrackletMemory
from keras_drop.tracking.track_files import write_decisions, write_tracks
from keras_drop.tracking.track_sequences import track_sequences

_USAGE = """\
usage: keras-drop track --model=MODEL --frames=FOLDER --boxes=FILE \\
    --max_distance=NUMBER [flags]

Boxes are those of `keras-drop crop`: MOT text, COCO or a table. Those that
have tracks keep them until two are of the same person; plain detections are
linked by their motion first. Several sequences, separated by commas, are
cameras of one clock. OUTPUT/NAME.txt has the tracks, as MOT text; the same
number is the same person in all of them. OUTPUT/decisions.csv says who each
track is, and why.

example:
  keras-drop track --model=model.keras --frames=door.mp4,gate.mp4 \\
    --boxes=door.txt,gate.txt --max_distance=0.9 --output=tracks
"""


@dataclasses.dataclass(frozen=True)
class Settings:
    """Flags."""

    model: str = flag("", ".keras file, SavedModel or preset that embeds")
    frames: tuple[str, ...] = flag((), "folders of images, or video files")
    boxes: tuple[str, ...] = flag((), "files of boxes, one for each of them")
    output: Path = flag(Path("tracks"), "folder for the tracks")
    cameras: tuple[str, ...] = flag((), "names; empty: of the frames' folders")
    first_frame: int = flag(1, "number of a video's first frame, in the boxes")
    max_distance: float = flag(
        math.inf, "largest distance of the same person; or give --verdict"
    )
    verdict: str = flag("", "file of a PairVerdict, which says who is the same")
    false_positive_rate: float = flag(
        math.nan, "of the verdict: a rate that it was fitted for"
    )
    num_views: int = flag(6, "views of a part that are kept of a track")
    decide_after: int = flag(5, "crops of a track after which it is decided")
    lost_after: float = flag(15.0, "frames without a crop that end a track")
    forget_after: float = flag(
        math.inf, "frames after which people are forgotten"
    )
    every: int = flag(1, "look at every how manieth frame that has boxes")
    padding: float = flag(0.0, "around a box, share of its size on each side")
    min_width: int = flag(16, "pixels of a box that is looked at")
    min_height: int = flag(32, "pixels of a box that is looked at")
    max_covered: float = flag(1.0, "share of a box that nearer boxes cover")
    min_visibility: float = flag(0.0, "least visibility, where it is known")
    min_score: float = flag(-math.inf, "least score of the detector, if known")


def main(argv):
    """Follows the people.

    Args:
        argv: Flags as strings, without the name of the command.

    Returns:
        0, the exit code.

    Raises:
        FileNotFoundError: No frames, no boxes, no model.
        ValueError: Not as many boxes as frames, neither `--max_distance` nor
            `--verdict`, or both.
    """
    settings = read_flags(Settings(), argv, _USAGE)
    if not settings.model:
        raise ValueError("--model is missing: who embeds the people?")
    limit = _limit(settings)
    sequences = sequences_of(settings)
    rule = CropRule(
        **{
            field.name: getattr(settings, field.name)
            for field in dataclasses.fields(CropRule)
        }
    )
    memory = TrackletMemory(num_views=settings.num_views)
    if limit.verdict is not None:
        memory = TrackletMemory(
            num_views=settings.num_views, distance=limit.verdict.distance
        )
    follower = Follower(
        memory,
        limit,
        settings.decide_after,
        settings.lost_after,
        settings.forget_after,
    )
    encoder = FrameEncoder(
        load_embedder(settings.model).embed, padding=settings.padding
    )
    tracks = track_sequences(sequences, follower, encoder, rule, settings.every)
    settings.output.mkdir(parents=True, exist_ok=True)
    numbers = write_tracks(settings.output, sequences, tracks)
    file = settings.output / "decisions.csv"
    write_decisions(file, follower.decisions, numbers)
    for one in follower.decisions:
        if one.known is not None:
            print(one)
    print(
        f"{len(follower.decisions)} tracks are of {len(numbers)} people; "
        f"{file} says why."
    )
    return 0


def _limit(settings):
    rate = settings.false_positive_rate
    return Limit(
        None if math.isinf(settings.max_distance) else settings.max_distance,
        PairVerdict.load(settings.verdict) if settings.verdict else None,
        None if math.isnan(rate) else rate,
    )

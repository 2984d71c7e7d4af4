"""Runs a `Follower` over the frames of one camera or several."""

import heapq

import numpy as np

from keras_drop.checks import refuse_less_than_1
from keras_drop.data.cropping.crop_boxes import refused
from keras_drop.data.cropping.crop_rule import CropRule
from keras_drop.tracking.frame_encoder import as_descriptors
from keras_drop.tracking.link_boxes import link_boxes

# Crops that are embedded at a time.
_CROPS = 64


def track_sequences(sequences, follower, encoder, rule=CropRule(), every=1):
    """Whose track each box is, by what people look like.

    Boxes that have tracks keep them, until the follower joins some; those of
    a sequence in which none has are linked by `link_boxes`. Frames are read
    in the order of their numbers over all sequences, which are of one clock.

    Args:
        sequences: List of `Sequence`.
        follower: `Follower`, which tells afterwards what was joined and why.
        encoder: `FrameEncoder`.
        rule: `CropRule`: which boxes are looked at; the others keep their
            track.
        every: Of the frames of a camera that have boxes, every how manieth is
            looked at.

    Returns:
        For each sequence `(num_boxes,)` strings: `"NAME/TRACK"` of the track
        whose person it is.

    Raises:
        ValueError: Names of frames or of sequences that do not fit, or boxes
            of which none has a frame.
    """
    refuse_less_than_1(every=every)
    names = [sequence.name for sequence in sequences]
    if len(set(names)) < len(names):
        raise ValueError(
            f"The sequences are called {', '.join(names)}; each needs a name "
            "of its own."
        )
    tracks = [_tracks(sequence) for sequence in sequences]
    moments = heapq.merge(
        *(_moments(k, one, every) for k, one in enumerate(sequences)),
        key=lambda moment: moment[:2],
    )
    waiting, num_crops, num_moments = [], 0, 0
    for number, place, frame, rows in moments:
        num_moments += 1
        boxes = sequences[place].boxes
        reasons = refused(
            boxes.boxes[rows],
            frame.shape[:2],
            rule,
            boxes.visibility[rows],
            boxes.scores[rows],
        )
        rows = rows[reasons == ""]
        crops = encoder.crops(frame, boxes.boxes[rows])
        waiting.append((number, place, rows, crops))
        num_crops += len(crops)
        if num_crops >= _CROPS:
            _look(waiting, sequences, tracks, follower, encoder)
            waiting, num_crops = [], 0
    if not num_moments:
        raise ValueError(
            f"No box of {', '.join(names)} is of a frame that is there. "
            "Frames of a video are numbered from `first`."
        )
    _look(waiting, sequences, tracks, follower, encoder)
    follower.finish()
    return [
        np.array([follower.person_of(track) for track in some])
        for some in tracks
    ]


def _tracks(sequence):
    boxes = sequence.boxes
    tracks = boxes.tracks
    if not (tracks != "").any():
        tracks = link_boxes(boxes)
    return np.array(
        [
            f"{sequence.name}/{track or f'box{row}'}"
            for row, track in enumerate(tracks.tolist())
        ]
    )


def _moments(place, sequence, every):
    """Number, place of the sequence, frame and rows of its boxes."""
    frames, boxes = sequence.frames, sequence.boxes
    if frames.is_video and boxes.names_files:
        raise ValueError(
            f"The boxes of {sequence.name} name files, but {frames.path} is a "
            "video. Number the frames, or give the folder of images."
        )
    with_boxes = 0

    def wanted(number, name):
        nonlocal with_boxes
        with_boxes += len(boxes.rows_of(frame_key(boxes, number, name))) > 0
        return (
            len(boxes.rows_of(frame_key(boxes, number, name))) > 0
            and (with_boxes - 1) % every == 0
        )

    for number, name, frame in frames.wanted(wanted):
        yield (
            number,
            place,
            frame,
            boxes.rows_of(frame_key(boxes, number, name)),
        )


def frame_key(boxes, number, name):
    """What `boxes` call a frame, by its number or its file's name."""
    if not boxes.names_files:
        return number
    return name if len(boxes.rows_of(name)) else name.rpartition("/")[2]


def _look(waiting, sequences, tracks, follower, encoder):
    crops = [crop for *_, some in waiting for crop in some]
    if not crops:
        return
    described, start = as_descriptors(encoder.embed(crops)), 0
    for number, place, rows, some in waiting:
        stop = start + len(some)
        boxes = sequences[place].boxes
        scores = boxes.scores[rows]
        # Not all detectors have scores that are shares.
        are_shares = ((scores >= 0) & (scores <= 1)).all()
        if len(some):
            follower.step(
                tracks[place][rows].tolist(),
                described[start:stop],
                boxes.boxes[rows],
                number,
                scores if are_shares else None,
                sequences[place].name,
            )
        start = stop

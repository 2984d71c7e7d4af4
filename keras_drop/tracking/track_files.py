"""Tracks as MOT text, and what was decided of each as a table."""

import csv
import io

import numpy as np

from keras_drop.datasets.files.whole_files import write_file
from keras_drop.tracking.track_sequences import frame_key

_COLUMNS = (
    "track",
    "person",
    "reason",
    "nearest",
    "distance",
    "probability",
    "parts",
)


def write_tracks(folder, sequences, tracks):
    """Writes `NAME.txt` for each sequence, as the MOT Challenge has them.

    People are numbered from 1, in the order in which they came, the same
    number being the same person in all files. Boxes of frames that are not
    there are left out.

    Args:
        folder: `pathlib.Path`.
        sequences: List of `Sequence`.
        tracks: What `track_sequences` returned.

    Returns:
        Dictionary from a track to the number of its person.
    """
    rows = sorted(
        (number, place, row)
        for place, sequence in enumerate(sequences)
        for number, some in _numbered(sequence)
        for row in some.tolist()
    )
    numbers, lines = {}, [[] for _ in sequences]
    for frame, place, row in rows:
        person = numbers.setdefault(str(tracks[place][row]), len(numbers) + 1)
        boxes = sequences[place].boxes
        left, top, right, bottom = boxes.boxes[row]
        score = boxes.scores[row]
        # The first pixel is 1 in these files.
        values = left + 1, top + 1, right - left, bottom - top
        lines[place].append(
            f"{frame},{person},"
            + ",".join(f"{value:.2f}" for value in values)
            + f",{1 if np.isnan(score) else score:.4g},-1,-1,-1\n"
        )
    for sequence, some in zip(sequences, lines):
        write_file(folder / f"{sequence.name}.txt", "".join(some).encode())
    return numbers


def write_decisions(path, decisions, numbers):
    """Writes a table: who each track is, and why.

    Args:
        path: `pathlib.Path`.
        decisions: List of `Reidentification`.
        numbers: What `write_tracks` returned.
    """
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(_COLUMNS)
    for one in decisions:
        person = one.new if one.known is None else one.known
        table.writerow(
            [
                one.new,
                numbers.get(str(person), ""),
                one.reason,
                "" if one.nearest is None else one.nearest,
                *(
                    "" if np.isnan(figure) else f"{figure:.4f}"
                    for figure in (one.distance, one.probability)
                ),
                " ".join(one.parts),
            ]
        )
    write_file(path, text.getvalue().encode())


def _numbered(sequence):
    """Number of each frame that is there, and the rows of its boxes."""
    boxes, found = sequence.boxes, []

    def look(number, name):
        rows = boxes.rows_of(frame_key(boxes, number, name))
        if len(rows):
            found.append((number, rows))
        return False

    for _ in sequence.frames.wanted(look):
        pass
    return found

"""Boxes from files: MOT text, COCO JSON, CSV."""

import csv
import json
from pathlib import Path

import numpy as np

from keras_drop.data.cropping.boxes import Boxes

_CSV = ("frame", "left", "top", "width", "height")
_FREE = ("track", "visibility", "score")


def read_boxes(path):
    """Reads the boxes of one sequence.

    - `.txt`: MOT Challenge, `det` or `gt`: frame, track, left, top, width,
      height and more, without a first line. Pixels count from 1 there. Of a
      `gt` file with classes, people are 1, 2 and 7; the visibility is the
      ninth value. A row whose seventh value is 0 is not looked at in `gt`; in
      `det` that value is the score.
    - `.json`: COCO, with `images` and `annotations`. Those of the category
      `person` count, all of them if no category is called so, crowds never.
      `track_id`, `visibility` and `score` are read where they are.
    - `.csv`: the columns `frame`, a number or a file name, `left`, `top`,
      `width`, `height`, and, where known, `track`, `visibility`, `score`.

    Args:
        path: The file.

    Returns:
        `Boxes`.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: Another kind of file, or a value that does not fit; the
            message names the file and the line.

    Example:
    >>> from keras_drop.data import read_boxes
    >>> import os, tempfile
    >>> file = os.path.join(tempfile.mkdtemp(), "gt.txt")
    >>> with open(file, "w") as lines:
    ...     _ = lines.write("3,12,11,21,30,80,1,1,0.75\\n")
    >>> boxes = read_boxes(file)
    >>> boxes.boxes.tolist(), boxes.tracks.tolist(), boxes.visibility.tolist()
    ([[10.0, 20.0, 40.0, 100.0]], ['12'], [0.75])
    """
    path = Path(path)
    readers = {".txt": _read_mot, ".json": _read_coco, ".csv": _read_csv}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise ValueError(
            f"{path} holds no boxes: they are MOT text (.txt), COCO (.json) or "
            "a table (.csv)."
        )
    if not path.is_file():
        raise FileNotFoundError(f"There is no file {path}.")
    rows = reader(path)
    frames, boxes, *known = (list(column) for column in zip(*rows))
    boxes = np.array(boxes, "float64")
    if (boxes[:, 2:] < 0).any() or not np.isfinite(boxes).all():
        raise ValueError(f"{path} has boxes of a negative or unknown size.")
    boxes[:, 2:] += boxes[:, :2]
    return Boxes(frames, boxes, *known)


def _read_mot(path):
    """MOT: https://motchallenge.net, `det/det.txt` and `gt/gt.txt`."""
    rows, found = [], []
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                values = [float(value) for value in line.split(",")]
                if len(values) < 6:
                    raise ValueError("fewer than 6 values")
            except ValueError as error:
                raise ValueError(
                    f"Line {number} of {path} is no MOT row: {error}."
                ) from None
            rows.append(values)
    is_truth = any(len(row) in (8, 9) and row[1] >= 0 for row in rows)
    for row in rows:
        frame, track, left, top, width, height, *rest = row
        rest += [np.nan] * (3 - len(rest))
        if is_truth and (rest[0] == 0 or rest[1] not in (1, 2, 7)):
            continue
        found.append(
            (
                int(frame),
                # The first pixel is 1 in these files.
                (left - 1, top - 1, width, height),
                f"{track:g}" if track >= 0 else "",
                rest[2] if is_truth else np.nan,
                np.nan if is_truth else rest[0],
            )
        )
    return _some(found, path)


def _read_coco(path):
    """COCO: https://cocodataset.org/#format-data, with tracks as in TAO."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        names = {i["id"]: i["file_name"] for i in content["images"]}
        people = [
            category["id"]
            for category in content.get("categories", ())
            if category["name"] == "person"
        ]
        found = [
            (
                names[one["image_id"]],
                tuple(float(number) for number in one["bbox"]),
                str(one.get("track_id", "")),
                float(one.get("visibility", np.nan)),
                float(one.get("score", np.nan)),
            )
            for one in content["annotations"]
            if not one.get("iscrowd")
            and (not people or one["category_id"] in people)
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(
            f"{path} is no COCO file with `images` and `annotations` "
            f"({error!r})."
        ) from None
    return _some(found, path)


def _read_csv(path):
    with open(path, newline="", encoding="utf-8-sig") as lines:
        reader = csv.DictReader(lines)
        missing = [n for n in _CSV if n not in (reader.fieldnames or ())]
        if missing:
            raise ValueError(
                f"{path} has no column {' and no '.join(missing)}. It needs "
                f"{', '.join(_CSV)}, and may have {', '.join(_FREE)}."
            )
        rows = list(reader)
    found = []
    for line, row in enumerate(rows, 2):
        try:
            box = tuple(float(row[name]) for name in _CSV[1:])
            visibility, score = (
                float(row.get(name) or "nan") for name in _FREE[1:]
            )
        except (TypeError, ValueError) as error:
            raise ValueError(f"Line {line} of {path}: {error}.") from None
        track = row.get("track") or ""
        found.append((row["frame"], box, track, visibility, score))
    if all((frame or "").isdecimal() for frame, *_ in found):
        found = [(int(frame), *rest) for frame, *rest in found]
    return _some(found, path)


def _some(found, path):
    if not found:
        raise ValueError(f"{path} holds no box of a person.")
    return found

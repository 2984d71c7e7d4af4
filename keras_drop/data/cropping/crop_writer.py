import collections
from pathlib import Path

import numpy as np

from keras_drop.checks import refuse_less_than_1
from keras_drop.data.cropping.crop_rule import CropRule
from keras_drop.data.cropping.sequence import crop_sequence
from keras_drop.datasets.files.written_table import write_columns

TABLE = "crops.csv"
"""The table that `write_crops` writes."""


def write_crops(
    folder,
    sequences,
    rule=CropRule(),
    every=1,
    same_people=False,
    test_share=0.0,
    seed=1,
):
    """Cuts people out of sequences, and lists the crops in a table.

    The table, `crops.csv`, is what `read_table` reads: a track is an identity,
    a sequence a camera. A box without a track is a person of its own. The
    table is written last: where it is, all crops are.

    Args:
        folder: Where crops and table go.
        sequences: `Sequence`s of different names.
        rule: `CropRule`: which boxes become crops.
        every: Of a track every how manieth box counts, for neighbouring frames
            show nearly the same.
        same_people: Whether a track of one sequence is the same person as that
            of this name in the others.
        test_share: Share of the people who are test: the middle crop of each
            of their tracks is a query, the others are gallery.
        seed: Draws who they are.

    Returns:
        Dictionary of the number of boxes under `"cropped"` and under each
        reason why others were not: `"outside"` the frame, `"small"`,
        `"score"`, `"visibility"`, `"covered"`, and `"no frame"` for boxes in
        frames that are not there.

    Raises:
        FileExistsError: The folder has a table.
        ValueError: Two sequences of a name, boxes by file name for a video, no
            box that became a crop.

    Example:
    >>> import os, tempfile
    >>> from PIL import Image
    >>> from keras_drop.data import Boxes, Frames, Sequence, write_crops
    >>> folder = tempfile.mkdtemp()
    >>> os.mkdir(f"{folder}/img1")
    >>> Image.new("RGB", (80, 60)).save(f"{folder}/img1/000001.png")
    >>> boxes = Boxes([1, 2], [[5, 5, 30, 55]] * 2, tracks=["a", "a"])
    >>> write_crops(
    ...     f"{folder}/crops",
    ...     [Sequence("door", Frames(f"{folder}/img1"), boxes)])
    {'cropped': 1, 'no frame': 1}
    """
    refuse_less_than_1(every=every)
    folder = Path(folder)
    if (folder / TABLE).exists():
        raise FileExistsError(
            f"{folder} has crops already, in {TABLE}. Choose another folder."
        )
    names = [sequence.name for sequence in sequences]
    if len(set(names)) < len(names):
        raise ValueError(
            f"The sequences are called {', '.join(names)}. Each needs a name "
            "of its own: it is their camera's."
        )
    counts, rows = collections.Counter(cropped=0), []
    for sequence in sequences:
        rows += crop_sequence(folder, sequence, rule, every, counts)
    if not rows:
        raise ValueError(
            f"Of {sum(counts.values())} boxes none became a crop: "
            f"{_told(counts)}."
        )
    for row in rows:
        name = f"{row['camera']}-{row['track']}"
        row["tracklet"] = name
        row["identity"] = row["track"] if same_people else name
        if row["alone"]:
            row["identity"] = name
    _split(rows, test_share, seed)
    columns = (
        *("path", "identity", "camera", "split"),
        *("tracklet", "time", "visibility", "occlusion"),
    )
    table = {name: [row[name] for row in rows] for name in columns}
    # A column that says nothing stays away.
    known = [v == v for v in table["visibility"]]
    if not any(known):
        del table["visibility"], table["occlusion"]
    write_columns(folder / TABLE, table)
    return {reason: number for reason, number in counts.items() if number}


def _split(rows, test_share, seed):
    people = sorted({row["identity"] for row in rows})
    count = round(test_share * len(people))
    rng = np.random.default_rng(seed)
    tested = {people[i] for i in rng.permutation(len(people))[:count]}
    tracklets = collections.defaultdict(list)
    for row in rows:
        row["split"] = "gallery" if row["identity"] in tested else "train"
        tracklets[row["tracklet"]].append(row)
    for crops in tracklets.values():
        if len(crops) > 1 and crops[0]["split"] == "gallery":
            crops[len(crops) // 2]["split"] = "query"


def _told(counts):
    return ", ".join(f"{n} {reason}" for reason, n in counts.items() if n)

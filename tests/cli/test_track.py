"""`keras-drop track`: who comes back keeps the number, in any camera."""

import csv
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from keras_drop import Descriptors
from keras_drop.cli import track
from keras_drop.data import read_boxes

pytestmark = pytest.mark.backend_neutral

COLOURS = {"red": (200, 0, 0), "blue": (0, 0, 200)}


def embed(crops):
    """Mean colour; what is grey shows nobody."""
    colours = np.array([crop.mean(axis=(0, 1)) for crop in crops])
    return Descriptors(colours, np.ptp(colours, axis=1, keepdims=True) > 20)


@pytest.fixture(autouse=True)
def model(monkeypatch):
    monkeypatch.setattr(
        track, "load_embedder", lambda name: SimpleNamespace(embed=embed)
    )


def write_camera(folder, people):
    """Frames, and boxes; people are (track, colour, first, last frame)."""
    (folder / "img1").mkdir(parents=True)
    lines = []
    for number in range(1, 13):
        frame = np.full((80, 120, 3), 90, "uint8")
        for place, (name, colour, first, last) in enumerate(people):
            if first <= number <= last:
                left = 5 + 60 * (place % 2) + number
                frame[10:70, left : left + 25] = COLOURS[colour]
                lines.append(
                    f"{number},{name},{left + 1},11,25,60,0.9,-1,-1,-1"
                )
        cv2.imwrite(str(folder / f"img1/{number:06}.png"), frame[..., ::-1])
    (folder / "det.txt").write_text("\n".join(lines))


@pytest.fixture
def cameras(tmp_path):
    write_camera(
        tmp_path / "door",
        [(1, "red", 1, 4), (2, "blue", 1, 12), (3, "red", 8, 12)],
    )
    write_camera(tmp_path / "gate", [(1, "blue", 2, 6)])
    return tmp_path


def run(folder, *flags, names=("door", "gate")):
    return track.main(
        [
            "--model=any",
            "--frames=" + ",".join(f"{folder}/{n}/img1" for n in names),
            "--boxes=" + ",".join(f"{folder}/{n}/det.txt" for n in names),
            f"--output={folder}/out",
            *flags,
        ]
    )


def test_the_same_number_is_the_same_person(cameras, capsys):
    assert run(cameras, "--max_distance=0.5", "--decide_after=2") == 0
    door, gate = (
        read_boxes(cameras / "out" / f"{name}.txt") for name in ("door", "gate")
    )
    before = read_boxes(cameras / "door" / "det.txt")
    np.testing.assert_allclose(door.boxes.sum(), before.boxes.sum())
    people = {}
    for name in ("1", "2", "3"):
        first = before.boxes[before.tracks == name][0]
        row = np.flatnonzero((door.boxes == first).all(axis=1))[0]
        people[name] = door.tracks[row]
    assert people["1"] == people["3"] != people["2"]
    assert set(gate.tracks.tolist()) == {people["2"]}
    with open(cameras / "out" / "decisions.csv", newline="") as lines:
        rows = {row["track"]: row for row in csv.DictReader(lines)}
    assert rows["door/3"]["reason"] == "same"
    assert rows["door/3"]["nearest"] == "door/1"
    assert rows["door/3"]["parts"] == "embedding_0"
    assert rows["gate/1"]["person"] == people["2"]
    shown = capsys.readouterr().out
    assert "door/3 is door/1: distance" in shown
    assert "4 tracks are of 2 people" in shown


def test_detections_without_tracks_are_linked(cameras):
    file = cameras / "door" / "det.txt"
    lines = [line.split(",") for line in file.read_text().splitlines()]
    file.write_text("\n".join(",".join([n, "-1", *r]) for n, _, *r in lines))
    assert run(cameras, "--max_distance=0.5", "--every=2", names=["door"]) == 0
    found = read_boxes(cameras / "out" / "door.txt")
    assert set(found.tracks.tolist()) == {"1", "2"}
    assert len(found) == len(lines)


@pytest.mark.parametrize(
    "flags, words",
    [
        ([], "give one of the two"),
        (["--max_distance=1", "--verdict=v.json"], "v.json"),
        (["--max_distance=1", "--model="], "--model is missing"),
        (["--max_distance=1", "--cameras=a,a"], "a name of its own"),
        (["--max_distance=1", "--boxes=none.txt"], "2 --frames and 1"),
        (["--max_distance=1", "--evry=2"], "evry"),
    ],
)
def test_bad_input_is_refused(cameras, flags, words):
    with pytest.raises((ValueError, OSError), match=words):
        run(cameras, *flags)
    assert not (cameras / "out").exists()


def test_boxes_of_other_frames_are_refused(cameras):
    (cameras / "door" / "det.txt").write_text("99,1,5,5,25,60,1,-1,-1,-1")
    with pytest.raises(ValueError, match="of a frame that is there"):
        run(cameras, "--max_distance=1", names=["door"])

"""`keras-drop crop`, on a video that is drawn here."""

import csv

import cv2
import numpy as np
import pytest

from keras_drop.cli.crop import main
from keras_drop.data import Boxes, Frames, Sequence, read_image, write_crops

pytestmark = pytest.mark.backend_neutral

FRAMES = 6


def frame_of(number):
    """Grey, with a red person, on the left, and a blue one."""
    frame = np.full((80, 120, 3), 90, "uint8")
    frame[10:70, 5 + number : 30 + number] = 200, 0, 0
    frame[20:75, 70 - number : 95 - number] = 0, 0, 200
    return frame


def rows_of(number):
    yield number, "red", 5 + number, 10, 25, 60
    yield number, "blue", 70 - number, 20, 25, 55


@pytest.fixture
def door(tmp_path):
    path = tmp_path / "door.avi"
    video = cv2.VideoWriter(
        str(path), cv2.VideoWriter_fourcc(*"MJPG"), 5, (120, 80)
    )
    with open(tmp_path / "door.csv", "w", encoding="utf-8") as lines:
        lines.write("frame,track,left,top,width,height\n")
        for number in range(1, FRAMES + 1):
            video.write(frame_of(number)[..., ::-1])
            for row in rows_of(number):
                lines.write(",".join(map(str, row)) + "\n")
    video.release()
    return path


@pytest.fixture
def gate(tmp_path):
    """The same as a folder of MOT, called by its sequence."""
    frames = tmp_path / "gate" / "img1"
    frames.mkdir(parents=True)
    truth = []
    for number in range(1, FRAMES + 1):
        file = str(frames / f"{number:06}.png")
        cv2.imwrite(file, frame_of(number)[..., ::-1])
        for track, (_, _, left, top, *size) in enumerate(rows_of(number)):
            row = number, track, left + 1, top + 1, *size, 1, 1, 0.5
            truth.append(",".join(map(str, row)))
    (tmp_path / "gate" / "gt.txt").write_text("\n".join(truth))
    return frames


def table(folder):
    with open(folder / "crops.csv", newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def test_a_video_and_a_folder_become_crops_and_a_table(tmp_path, door, gate):
    out = tmp_path / "out"
    argv = [
        f"--frames={door},{gate}",
        f"--boxes={tmp_path}/door.csv,{tmp_path}/gate/gt.txt",
        f"--output={out}",
        "--every=2",
        "--test_share=0.5",
    ]
    assert main(argv) == 0
    rows = table(out)
    assert len(rows) == 2 * 2 * FRAMES // 2
    assert {row["camera"] for row in rows} == {"door", "gate"}
    people = {row["identity"] for row in rows}
    assert people == {"door-red", "door-blue", "gate-0", "gate-1"}
    assert [row["time"] for row in rows[:5:2]] == ["0.0", "0.4", "0.8"]
    assert {r["visibility"] for r in rows if r["camera"] == "gate"} == {"0.5"}
    assert {r["occlusion"] for r in rows if r["camera"] == "door"} == {""}
    splits = [row["split"] for row in rows]
    assert [splits.count(s) for s in ("train", "query", "gallery")] == [6, 2, 4]
    for row in rows:
        crop = read_image(out / row["path"]).astype(int)
        assert crop.shape[0] in (55, 60) and crop.shape[1] == 25
        is_red = crop[..., 0].mean() > crop[..., 2].mean()
        assert is_red == (row["identity"] in ("door-red", "gate-0"))
    with pytest.raises(FileExistsError, match="already"):
        main(argv)


def test_people_may_be_the_same_in_all_sequences(tmp_path, gate):
    (gate / "._000001.png").write_bytes(b"what a Mac leaves beside")
    boxes = Boxes([1, 2], [[5, 5, 40, 70]] * 2, tracks=["7", ""])
    pair = [Sequence(name, Frames(gate), boxes) for name in ("a", "b")]
    write_crops(tmp_path / "out", pair, same_people=True)
    people = [row["identity"] for row in table(tmp_path / "out")]
    assert people == ["7", "a-box1", "7", "b-box1"]


def test_what_is_left_out_is_counted(tmp_path, gate):
    boxes = Boxes(
        ["000001.png", "000001.png", "nowhere.png"],
        [[5, 5, 40, 70], [200, 0, 230, 70], [5, 5, 40, 70]],
    )
    counts = write_crops(tmp_path / "o", [Sequence("a", Frames(gate), boxes)])
    assert counts == {"cropped": 1, "outside": 1, "no frame": 1}


@pytest.mark.parametrize(
    "change, words",
    [
        ({"boxes": ""}, "1 --frames and 0 --boxes"),
        ({"cameras": "a,b"}, "2 --cameras"),
        ({"frames": "nowhere"}, "no frames nowhere"),
        ({"min_width": "500"}, "none became a crop: 12 small"),
        ({"padding": "-1"}, "padding"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path, door, change, words):
    flags = {
        "frames": door,
        "boxes": tmp_path / "door.csv",
        "output": tmp_path / "out",
        **change,
    }
    with pytest.raises((ValueError, FileNotFoundError), match=words):
        main([f"--{name}={value}" for name, value in flags.items() if value])
    assert not (tmp_path / "out" / "crops.csv").exists()


def test_boxes_that_name_files_do_not_fit_a_video(tmp_path, door):
    boxes = Boxes(["a.jpg"], [[0, 0, 30, 60]])
    with pytest.raises(ValueError, match="Number the frames"):
        write_crops(tmp_path / "o", [Sequence("a", Frames(door), boxes)])


def test_what_is_no_video_is_refused(tmp_path):
    (tmp_path / "a.mp4").write_bytes(b"no video")
    with pytest.raises(ValueError, match="no video"):
        list(Frames(tmp_path / "a.mp4"))

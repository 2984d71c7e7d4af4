import json

import numpy as np
import pytest

from keras_drop.data import read_boxes

pytestmark = pytest.mark.backend_neutral


def write(folder, name, content):
    path = folder / name
    path.write_text(content)
    return path


def test_mot_ground_truth_keeps_people_and_visibility(tmp_path):
    boxes = read_boxes(
        write(
            tmp_path,
            "gt.txt",
            "1,3,11,21,30,80,1,1,0.25\n"
            "1,4,11,21,30,80,0,1,1\n"  # Not to be looked at.
            "2,5,11,21,30,80,1,3,1\n"  # A car.
            "9,3,1,1,5,6,1,7,1\n",
        )
    )
    assert boxes.frames.tolist() == [1, 9]
    assert boxes.boxes.tolist() == [[10, 20, 40, 100], [0, 0, 5, 6]]
    assert boxes.tracks.tolist() == ["3", "3"]
    assert boxes.visibility.tolist() == [0.25, 1]
    assert np.isnan(boxes.scores).all()


def test_mot_detections_have_scores_and_no_tracks(tmp_path):
    boxes = read_boxes(
        write(tmp_path, "det.txt", "7,-1,2,3,10,20,-0.5,-1,-1,-1\n")
    )
    assert boxes.tracks.tolist() == [""]
    assert boxes.scores.tolist() == [-0.5]
    assert np.isnan(boxes.visibility).all()


def test_coco_keeps_people_by_file_name(tmp_path):
    one = {"image_id": 4, "bbox": [1, 2, 3, 4], "category_id": 8}
    content = {
        "images": [{"id": 4, "file_name": "a/b.jpg"}],
        "categories": [{"id": 8, "name": "person"}, {"id": 9, "name": "dog"}],
        "annotations": [
            {**one, "track_id": 12, "visibility": 0.5},
            {**one, "category_id": 9},
            {**one, "iscrowd": 1},
        ],
    }
    boxes = read_boxes(write(tmp_path, "b.json", json.dumps(content)))
    assert boxes.names_files and boxes.rows_of("a/b.jpg").tolist() == [0]
    assert boxes.boxes.tolist() == [[1, 2, 4, 6]]
    assert boxes.tracks.tolist() == ["12"]


def test_csv_has_numbers_or_names_of_frames(tmp_path):
    first = "frame,left,top,width,height,track\n"
    numbers = read_boxes(write(tmp_path, "n.csv", f"{first}7,0,0,5,9,anna\n"))
    names = read_boxes(write(tmp_path, "m.csv", f"{first}7.png,0,0,5,9,\n"))
    assert numbers.frames.tolist() == [7] and not numbers.names_files
    assert names.frames.tolist() == ["7.png"] and names.names_files
    assert numbers.tracks.tolist() == ["anna"]


@pytest.mark.parametrize(
    "name, content, words",
    [
        ("a.txt", "1,2,3\n", "Line 1 of .*a.txt"),
        ("a.txt", "1,2,a,4,5,6\n", "Line 1 of .*a.txt"),
        ("a.txt", "", "no box"),
        ("a.txt", "1,-1,2,3,-4,5,1\n", "negative"),
        ("a.json", "{}", "COCO"),
        ("a.json", "[1", "COCO"),
        ("a.csv", "frame,left\n", "top and no width"),
        ("a.csv", "frame,left,top,width,height\n1,2,3,4,x\n", "Line 2"),
        ("a.xml", "", "MOT"),
    ],
)
def test_what_is_no_box_is_refused_by_name(tmp_path, name, content, words):
    with pytest.raises(ValueError, match=words):
        read_boxes(write(tmp_path, name, content))

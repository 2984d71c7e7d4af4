import json

import pytest

from keras_drop.datasets import DensePosePerson, read_densepose_coco
from tests.datasets.densepose import STANDING, annotations, make_coco

pytestmark = pytest.mark.backend_neutral


def test_people_with_masks(tmp_path):
    people = read_densepose_coco(make_coco(tmp_path))
    assert [(p.image[-6:-4], p.number) for p in people] == [
        ("07", 11),
        ("07", 12),
        ("09", 31),
    ]
    assert people[1].box == (60.4, 10.2, 30.0, 40.0)
    assert [bool(mask) for mask in people[1].masks] == [
        part in (1, 6) for part in range(1, 15)
    ]


def visible(*keypoints, flag=2):
    return tuple(
        value
        for number in range(17)
        for value in (1, 1, flag if number in keypoints else 0)
    )


@pytest.mark.parametrize(
    ("keypoints", "box", "expected"),
    [
        (tuple(STANDING), (0, 0, 10, 19), True),
        (tuple(STANDING), (0, 0, 10, 18), False),
        (visible(0, 5, 11, 13), (0, 0, 10, 30), True),
        (visible(0, 1, 2, 3, 4, 5, 6, 11, 12), (0, 0, 10, 30), False),
        (visible(6, 12, 14, 16), (0, 0, 10, 30), True),
        # Labelled, but not visible.
        (visible(*range(17), flag=1), (0, 0, 10, 30), False),
        # Elbows and wrists are in no group.
        (visible(7, 8, 9, 10, 0, 5, 11), (0, 0, 10, 30), False),
        ((), (0, 0, 10, 30), False),
        # All but the ankles, which are not annotated.
        (visible(*range(15))[:45], (0, 0, 10, 30), True),
        (visible(*range(5))[:15], (0, 0, 10, 30), False),
    ],
)
def test_whole_people(keypoints, box, expected):
    person = DensePosePerson("a.jpg", 1, box, (None,) * 14, keypoints)
    assert person.is_whole is expected


def change(**changes):
    content = annotations()
    content["annotations"][0] |= changes
    return content


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"images": []}, "no `images` and `annotations`"),
        ([1], "no `images` and `annotations`"),
        (change(dp_masks=[{}, {"size": 1}]), "Annotation 31 .* has 2 masks"),
        (change(bbox=[1, 2, 3]), r"Annotation 31 .* the box \[1, 2, 3\]"),
        (change(image_id=4), "Annotation 31 .* is of no image"),
        ({**annotations(), "annotations": []}, "no person with `dp_masks`"),
        ({**annotations(), "annotations": [3]}, "no images or annotations as"),
        ({**annotations(), "images": [{"id": 7}]}, r"\(KeyError\('file_name"),
        (change(dp_masks=3), "no images or annotations as"),
        (change(bbox=None), "no images or annotations as"),
    ],
)
def test_other_files(tmp_path, content, message):
    file = tmp_path / "densepose.json"
    file.write_text(json.dumps(content))
    with pytest.raises(ValueError, match=message) as error:
        read_densepose_coco(file)
    assert str(file) in str(error.value)


def test_no_file(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no file .*gone\.json"):
        read_densepose_coco(tmp_path / "gone.json")
    (tmp_path / "cut.json").write_text('{"images": [')
    with pytest.raises(ValueError, match=r"cut\.json is not JSON"):
        read_densepose_coco(tmp_path / "cut.json")

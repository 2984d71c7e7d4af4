import json
import os

import numpy as np
import pytest
from PIL import Image

from keras_drop.data import ParsingLabels, read_image, save_densepose_crops
from keras_drop.data.labels.densepose_crops import crop_person
from keras_drop.datasets import (
    DensePosePerson,
    check_splits,
    read_densepose_coco,
    read_parsed_images,
)
from tests.datasets.densepose import annotations, make_coco, mask

pytestmark = pytest.mark.backend_neutral


def slow_label(person, image_size):
    """Every pixel of the image by itself; -1 outside of the crop."""
    left, top, width, height = person.box
    label = np.full(image_size, -1)
    for r in range(image_size[0]):
        for c in range(image_size[1]):
            if not (
                round(top) <= r < round(top + height)
                and round(left) <= c < round(left + width)
            ):
                continue
            label[r, c] = 0
            y = min(max(int((r + 0.5 - top) / height * 256 // 1), 0), 255)
            x = min(max(int((c + 0.5 - left) / width * 256 // 1), 0), 255)
            for part, pixels in enumerate(person.masks, 1):
                if pixels is not None and pixels[y, x]:
                    label[r, c] = part
    rows, columns = np.nonzero(label >= 0)
    return label[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


@pytest.mark.parametrize("seed", range(4))
def test_crops_match_the_slow_version(seed, monkeypatch):
    rng = np.random.default_rng(seed)
    image = rng.integers(0, 256, (40, 50, 3)).astype("uint8")
    box = tuple(
        [(-3.3, -2.6, 30.0, 39.9), (20.7, 11.2, 40.0, 15.5), (4, 5, 6, 30)][
            seed % 3
        ]
    )
    masks = [rng.random((256, 256)) < 0.3 if part % 3 else None
             for part in range(14)]  # fmt: skip
    monkeypatch.setattr(
        "keras_drop.data.labels.densepose_crops.decode_run_length",
        lambda mask: mask,
    )
    person = DensePosePerson("a.jpg", 1, box, tuple(masks))
    crop, label = crop_person(image, person)
    np.testing.assert_array_equal(label, slow_label(person, image.shape[:2]))
    top, left = max(round(box[1]), 0), max(round(box[0]), 0)
    np.testing.assert_array_equal(
        crop, image[top : top + len(label), left : left + label.shape[1]]
    )


def test_a_box_beyond_the_image_keeps_its_frame():
    """Half of the box is left of the image: so is half of the mask."""
    left_half, right_half = mask((0, 0, 256, 128)), mask((0, 128, 256, 256))
    masks = (left_half, right_half, *[None] * 12)
    person = DensePosePerson("a.jpg", 1, (-10, 0, 20, 30), masks)
    crop, label = crop_person(np.zeros((30, 40, 3), "uint8"), person)
    assert crop.shape == (30, 10, 3)
    assert (label == 2).all()


def test_later_parts_overwrite_earlier_ones():
    whole = mask((0, 0, 256, 256))
    masks = (whole, None, mask((0, 0, 128, 256)), *[None] * 11)
    person = DensePosePerson("a.jpg", 1, (0, 0, 4, 8), masks)
    _, label = crop_person(np.zeros((9, 9, 3), "uint8"), person)
    assert label[:, 0].tolist() == [3, 3, 3, 3, 1, 1, 1, 1]


def test_on_disk_and_back(tmp_path):
    people = read_densepose_coco(make_coco(tmp_path / "coco"))
    root = tmp_path / "crops"
    assert save_densepose_crops(people, tmp_path / "coco", root) == []
    records = read_parsed_images(root / "images", root / "parts")
    assert records.names.tolist() == [
        "COCO_train2014_000000000007_11",
        "COCO_train2014_000000000007_12",
        "COCO_val2014_000000000009_31",
    ]
    assert check_splits({"crops": records}, label_format="densepose14") == []
    labels = ParsingLabels("densepose14", "hpnet_four")
    image = read_image(records.paths[2])
    assert image.shape == (64, 20, 3)
    numbers = labels.group(labels.read(records.parsing_paths[2], (64, 20)))
    assert numbers[:, 3].tolist() == [1] * 16 + [2] * 24 + [0] * 24
    # The box ends at 90.4, the image at 80.
    assert read_image(records.paths[1]).shape == (40, 20, 3)
    original = read_image(tmp_path / "coco/train2014" / people[0].image)
    close = np.abs(
        read_image(records.paths[0]).astype(int) - original[5:35, 5:15]
    )
    assert close.mean() < 20
    summary = json.loads((root / "crops.json").read_text())
    assert (summary["people"], summary["crops"]) == (3, 3)


def test_goes_on_where_it_stopped(tmp_path, monkeypatch):
    people = read_densepose_coco(make_coco(tmp_path / "coco"))
    root, real = tmp_path / "crops", os.replace

    def stop_at_the_second_label(part, path):
        if str(path).endswith("_12.png"):
            raise KeyboardInterrupt
        real(part, path)

    monkeypatch.setattr(os, "replace", stop_at_the_second_label)
    with pytest.raises(KeyboardInterrupt):
        save_densepose_crops(people, tmp_path / "coco", root, workers=1)
    assert not (root / "crops.json").exists()
    assert not [*root.rglob("*.part")]
    written = {path.stem[-2:] for path in (root / "parts").iterdir()}
    assert "11" in written
    assert "12" not in written
    monkeypatch.setattr(os, "replace", real)
    first = root / "parts" / "COCO_train2014_000000000007_11.png"
    before = first.stat().st_mtime_ns
    assert save_densepose_crops(people, tmp_path / "coco", root) == []
    assert len([*(root / "parts").iterdir()]) == 3
    assert first.stat().st_mtime_ns == before


def test_what_is_broken_is_named_and_left_out(tmp_path):
    content = annotations()
    content["annotations"][1]["dp_masks"][0]["counts"] = "5"
    content["annotations"].append(
        content["annotations"][2] | {"id": 15, "bbox": [200, 5, 10, 30]}
    )
    people = read_densepose_coco(make_coco(tmp_path / "coco", content))
    broken = tmp_path / "coco/val2014" / people[-1].image
    broken.write_bytes(broken.read_bytes()[:700])
    root = tmp_path / "crops"
    problems = save_densepose_crops(people, tmp_path / "coco", root)
    assert len(problems) == 3
    assert "007.jpg: Mask 1 of annotation 12: The runs" in problems[0]
    assert "annotation 15 covers nothing of its image, 60 x 80" in problems[1]
    assert "009.jpg cannot be decoded" in problems[2]
    assert len([*(root / "images").iterdir()]) == 1
    assert json.loads((root / "crops.json").read_text())["crops"] == 1
    broken.unlink()
    problems = save_densepose_crops(people, tmp_path / "coco", root)
    assert "no image" in problems[2]


def test_images_elsewhere(tmp_path):
    people = read_densepose_coco(make_coco(tmp_path / "coco"))
    with pytest.raises(FileNotFoundError, match=r"None of the 2 .*07\.jpg"):
        save_densepose_crops(people, tmp_path, tmp_path / "crops")
    assert not (tmp_path / "crops").exists()


def test_crops_of_other_people(tmp_path):
    people = read_densepose_coco(make_coco(tmp_path / "coco"))
    save_densepose_crops(people, tmp_path / "coco", tmp_path / "crops")
    with pytest.raises(ValueError, match=r"other people, such as .*_11\.jpg"):
        save_densepose_crops(people[1:], tmp_path / "coco", tmp_path / "crops")


def test_crops_are_whole_images(tmp_path):
    people = read_densepose_coco(make_coco(tmp_path / "coco"))
    save_densepose_crops(people, tmp_path / "coco", tmp_path / "crops")
    for path in (tmp_path / "crops").rglob("*.*g"):
        with Image.open(path) as image:
            image.load()

import subprocess
import sys
from pathlib import Path

import pytest

from keras_drop.datasets import read_parsed_images
from recipes import densepose_coco_crops
from tests.datasets.densepose import annotations, make_coco

pytestmark = pytest.mark.backend_neutral

RECIPE = Path(densepose_coco_crops.__file__)


def run(*flags):
    return subprocess.run(
        [sys.executable, RECIPE, *flags], capture_output=True, text=True
    )


def test_crops_of_two_files(tmp_path):
    file = make_coco(tmp_path / "coco")
    other = tmp_path / "other.json"
    content = file.read_text().replace('"id": 31', '"id": 131')
    other.write_text(content.replace('"id": 12,', '"id": 112,'))
    done = run(
        f"--coco_dir={tmp_path / 'coco'}",
        f"--annotations={file},{other}",
        f"--crops_dir={tmp_path / 'crops'}",
        "--workers=1",
    )
    assert done.returncode == 0, done.stderr
    assert f"{file}: 3 people with parts" in done.stdout
    assert "labels of the format densepose14. 0 problems" in done.stdout
    records = read_parsed_images(
        tmp_path / "crops/images", tmp_path / "crops/parts"
    )
    # Person 11 is in both files, and so the same crop.
    assert sorted({name[-2:] for name in records.names}) == ["11", "12", "31"]
    assert len(records) == 5


def test_whole_bodies_alone(tmp_path, capsys):
    file = make_coco(tmp_path / "coco")
    settings = densepose_coco_crops.Settings(
        tmp_path / "coco", (str(file),), tmp_path / "crops", whole_bodies=True
    )
    densepose_coco_crops.main(settings)
    assert "1 of them are whole" in capsys.readouterr().out
    (crop,) = (tmp_path / "crops/parts").iterdir()
    assert crop.stem.endswith("_31")


def test_problems_are_named_and_counted(tmp_path, capsys):
    file = make_coco(tmp_path / "coco")
    broken = tmp_path / "coco/val2014/COCO_val2014_000000000009.jpg"
    broken.write_bytes(b"broken")
    settings = densepose_coco_crops.Settings(
        tmp_path / "coco", (str(file),), tmp_path / "crops"
    )
    with pytest.raises(SystemExit) as stopped:
        densepose_coco_crops.main(settings)
    assert stopped.value.code == 1
    assert f"left out: {broken} cannot be decoded" in capsys.readouterr().out


def test_nobody_is_left(tmp_path):
    content = annotations()
    for annotation in content["annotations"]:
        annotation["keypoints"] = []
    file = make_coco(tmp_path / "coco", content)
    settings = densepose_coco_crops.Settings(
        tmp_path / "coco", (str(file),), tmp_path / "crops", whole_bodies=True
    )
    with pytest.raises(SystemExit, match="nobody is left"):
        densepose_coco_crops.main(settings)


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ([], "--annotations is missing"),
        (["--annotations=a.json"], "--coco_dir and --crops_dir are both"),
        (
            ["--annotations=gone.json", "--coco_dir=.", "--crops_dir=x"],
            "gone.json does not exist",
        ),
    ],
)
def test_wrong_flags_end_with_one_line(flags, message):
    done = run(*flags)
    assert done.returncode != 0
    assert message in done.stderr
    assert "Traceback" not in done.stderr

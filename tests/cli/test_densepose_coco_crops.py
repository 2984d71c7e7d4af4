import pytest

from keras_drop.__main__ import main
from keras_drop.datasets import read_parsed_images
from tests.datasets.densepose import annotations, make_coco

pytestmark = pytest.mark.backend_neutral


def run(*flags):
    return main(["densepose_coco_crops", *flags])


def flags(folder, file):
    return (
        f"--coco_dir={folder / 'coco'}",
        f"--annotations={file}",
        f"--crops_dir={folder / 'crops'}",
    )


@pytest.mark.slow
def test_crops_of_two_files(tmp_path, capsys):
    file = make_coco(tmp_path / "coco")
    other = tmp_path / "other.json"
    content = file.read_text().replace('"id": 31', '"id": 131')
    other.write_text(content.replace('"id": 12,', '"id": 112,'))
    code = run(
        f"--coco_dir={tmp_path / 'coco'}",
        f"--annotations={file},{other}",
        f"--crops_dir={tmp_path / 'crops'}",
        "--workers=1",
    )
    assert code == 0
    shown = capsys.readouterr().out
    assert f"{file}: 3 people with parts" in shown
    assert "labels of the format densepose14. 0 problems" in shown
    records = read_parsed_images(
        tmp_path / "crops/images", tmp_path / "crops/parts"
    )
    # Person 11 is in both files, and so the same crop.
    assert sorted({name[-2:] for name in records.names}) == ["11", "12", "31"]
    assert len(records) == 5


def test_whole_bodies_alone(tmp_path, capsys):
    file = make_coco(tmp_path / "coco")
    run(*flags(tmp_path, file), "--whole_bodies")
    assert "1 of them are whole" in capsys.readouterr().out
    (crop,) = (tmp_path / "crops/parts").iterdir()
    assert crop.stem.endswith("_31")


def test_problems_are_named_and_counted(tmp_path, capsys):
    file = make_coco(tmp_path / "coco")
    broken = tmp_path / "coco/val2014/COCO_val2014_000000000009.jpg"
    broken.write_bytes(b"broken")
    assert run(*flags(tmp_path, file)) == 1
    assert f"left out: {broken} cannot be decoded" in capsys.readouterr().out


def test_nobody_is_left(tmp_path, capsys):
    content = annotations()
    for annotation in content["annotations"]:
        annotation["keypoints"] = []
    file = make_coco(tmp_path / "coco", content)
    assert run(*flags(tmp_path, file), "--whole_bodies") == 2
    assert "Nobody is left" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ([], "--annotations is missing"),
        (["--annotations=a.json"], "--coco_dir and --crops_dir are both"),
        (
            ["--annotations=gone.json", "--coco_dir=.", "--crops_dir=x"],
            "gone.json does not exist",
        ),
    ],
)
def test_wrong_flags_end_with_one_line(wrong, message, capsys):
    assert run(*wrong) == 2
    error = capsys.readouterr().err
    assert message in error and error.count("\n") == 1

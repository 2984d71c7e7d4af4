"""`keras-drop table`, for folders with a split and without."""

import csv
from pathlib import Path

import pytest
from PIL import Image

from keras_drop.__main__ import main

pytestmark = pytest.mark.backend_neutral

PATTERN = r"--pattern=(?P<identity>[a-z]+)_(?P<camera>\d).*"


def draw(folder, people, cameras=(1, 2)):
    folder.mkdir(parents=True, exist_ok=True)
    for person in people:
        for camera in cameras:
            image = Image.new("RGB", (8, 16), (40 * camera, 90, 30))
            image.save(folder / f"{person}_{camera}.png")


def rows(path):
    with open(path, encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("written", [str.lower, str.title, str.upper])
def test_a_split_that_is_there_stays(tmp_path, written):
    draw(tmp_path / "photos" / written("train"), ["anna", "ben"])
    draw(tmp_path / "photos" / written("query"), ["carl"], cameras=(1,))
    draw(tmp_path / "photos" / written("gallery"), ["carl"], cameras=(2,))
    output = tmp_path / "photos.csv"
    given = [f"--folder={tmp_path / 'photos'}", f"--output={output}", PATTERN]
    assert main(["table", *given]) == 0
    found = rows(output)
    assert len(found) == 6
    # Else models with parts would take it for one with labels.
    assert list(found[0]) == ["path", "identity", "camera", "split"]
    for row in found:
        assert Path(row["path"]).parent.name == written(row["split"])
        assert Path(row["path"]).name.startswith(f"{row['identity']}_")


@pytest.mark.parametrize("split", ["", "train"])
def test_labels_lie_as_the_images_do(tmp_path, split):
    draw(tmp_path / "photos" / split / "day", ["anna", "ben"])
    if split:
        draw(tmp_path / "photos/query", ["carl"], cameras=(1,))
        draw(tmp_path / "photos/gallery", ["carl"], cameras=(2,))
    draw(tmp_path / "labels" / split / "day", ["ben"])
    given = [
        f"--folder={tmp_path / 'photos'}",
        f"--output={tmp_path / 'photos.csv'}",
        r"--pattern=.+/(?P<identity>[a-z]+)_(?P<camera>\d).*",
        f"--parsing_dir={tmp_path / 'labels'}",
        "--label_format=densepose14",
    ]
    if split:
        given[2] = r"--pattern=(.+/)?(?P<identity>[a-z]+)_(?P<camera>\d).*"
    with pytest.warns(UserWarning, match="label"):
        assert main(["table", *given]) == 0
    labels = {
        Path(row["path"]).stem: row["parsing_path"]
        for row in rows(tmp_path / "photos.csv")
    }
    expected = tmp_path / "labels" / split / "day"
    for camera in (1, 2):
        found = tmp_path / labels[f"ben_{camera}"]
        assert found.samefile(expected / f"ben_{camera}.png")
        assert labels[f"anna_{camera}"] == ""


def test_labels_of_webp_and_labels_among_the_images(tmp_path, capsys):
    for person in ("anna", "ben"):
        for camera in (1, 2):
            name = f"{person}_{camera}"
            for folder, ending in ("photos", "webp"), ("labels", "png"):
                (tmp_path / folder).mkdir(exist_ok=True)
                image = Image.new("L", (8, 16), camera)
                image.save(tmp_path / folder / f"{name}.{ending}")
    given = [
        f"--folder={tmp_path / 'photos'}",
        f"--output={tmp_path / 'photos.csv'}",
        PATTERN,
        "--label_format=densepose14",
    ]
    assert main(["table", *given, f"--parsing_dir={tmp_path / 'labels'}"]) == 0
    found = rows(tmp_path / "photos.csv")
    assert [Path(r["parsing_path"]).stem for r in found] == [
        Path(r["path"]).stem for r in found
    ]
    inside = f"--parsing_dir={tmp_path / 'photos/labels'}"
    assert main(["table", *given, inside]) == 2
    assert "move it out" in capsys.readouterr().err


@pytest.mark.parametrize("said", ["--test_people=0.3", "--seed=1"])
def test_nobody_is_drawn_where_folders_say_who_is_tested(
    tmp_path, said, capsys
):
    for split in ("query", "gallery"):
        draw(tmp_path / "photos" / split, ["anna"])
    given = [
        "table",
        f"--folder={tmp_path / 'photos'}",
        f"--output={tmp_path / 'photos.csv'}",
        PATTERN,
    ]
    assert main([*given, said]) == 2
    assert f"{said.partition('=')[0]} draws who" in capsys.readouterr().err
    assert not (tmp_path / "photos.csv").exists()
    assert main(given) == 0


@pytest.mark.parametrize("share, train", [(0.25, 6), (0.75, 2)])
def test_people_are_trained_or_tested(tmp_path, share, train):
    people = ["anna", "ben", "carl", "dora", "emil", "fee", "gus", "hana"]
    draw(tmp_path / "photos", people)
    tables = []
    for seed in (1, 1, 2):
        output = tmp_path / f"{len(tables)}.csv"
        main(
            [
                "table",
                f"--folder={tmp_path / 'photos'}",
                f"--output={output}",
                f"--test_people={share}",
                f"--seed={seed}",
                PATTERN,
            ]
        )
        tables.append(rows(output))
    of = {
        split: {r["identity"] for r in tables[0] if r["split"] == split}
        for split in ("train", "query", "gallery")
    }
    assert len(of["train"]) == train
    assert of["query"] == set(people) - of["train"]
    assert of["query"] <= of["gallery"] and not of["gallery"] & of["train"]
    assert tables[0] == tables[1] != tables[2]

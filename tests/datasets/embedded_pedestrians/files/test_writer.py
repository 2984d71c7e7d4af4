import contextlib
import csv
import hashlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from keras_drop.datasets.embedded_pedestrians import (
    render_embedded_pedestrians,
)
from keras_drop.datasets.embedded_pedestrians.__main__ import main
from keras_drop.datasets.embedded_pedestrians.files import job as job_module
from keras_drop.datasets.embedded_pedestrians.files.plan import (
    FOLDERS,
    draw_people,
    plan_tasks,
)
from keras_drop.datasets.embedded_pedestrians.files.run_log import UNFINISHED
from keras_drop.datasets.embedded_pedestrians.scene.compose import compose
from keras_drop.densepose_parts import PART_NAMES

pytestmark = pytest.mark.backend_neutral


# Of `small` and `mini`, seed 1: the same on every machine, and for every
# OpenCV so far (4.10 and 5.0). They change only when `Settings.version` does.
SMALL_SHA256 = (
    "bf09bee0f7e157497bdf7248a5f376be4cd7c96774062009ed966880bbe17bc2"
)
SOME_OF_SMALL_SHA256 = (
    "63b49129968097afe4d2b431be6a6366c248dc63ae7e9495e7fab2652e04d33b"
)
MINI_SHA256 = "a4a5ae2024666da500181dd7fde199cbab37509c290af4df4f10d107436fb1f4"


def digest(root):
    return json.loads((root / "dataset.json").read_text())["sha256"]


def read_labels(root, path):
    path = (root / "parts" / path).with_suffix(".png")
    return cv2.imread(str(path), cv2.IMREAD_UNCHANGED)


@pytest.mark.slow
def test_the_same_pixels_with_two_workers(mini, tmp_path):
    again = render_embedded_pedestrians(
        tmp_path / "two", preset="mini", workers=2
    )
    assert digest(again) == digest(mini) == MINI_SHA256
    csv = (again / "images.csv").read_bytes()
    assert csv == (mini / "images.csv").read_bytes()


def test_some_of_small_stay_as_they_are(tmp_path):
    """Each sixtieth picture; all of them at night."""
    for folder in FOLDERS.values():
        (tmp_path / folder).mkdir()
        (tmp_path / "parts" / folder).mkdir(parents=True)
    settings = job_module.Settings("small", 1, "standard", 0.0)
    draw = job_module.Job(tmp_path, settings)
    tasks = plan_tasks("small", 1, "standard")[::60]
    digests = "".join(draw(task)["digest"] for task in tasks)
    assert hashlib.sha256(digests.encode()).hexdigest() == SOME_OF_SMALL_SHA256
    assert {split for task in tasks for split in task.splits} == {
        "train",
        "query",
        "gallery",
    }


@pytest.mark.nightly
def test_small_stays_as_it_is(tmp_path):
    root = render_embedded_pedestrians(tmp_path, preset="small")
    assert digest(root) == SMALL_SHA256


def test_more_training_images_hidden_and_more_parts_wholly(tmp_path):
    main(
        [
            f"--root={tmp_path}",
            "--preset=mini",
            "--hidden_share=0.75",
            "--hidden_parts=0.5",
            "--workers=1",
        ]
    )
    with open(tmp_path / "images.csv", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["occluder"]]
    train = [row for row in rows if row["split"] == "train"]
    assert len(train) == 48
    tasks = plan_tasks("mini", 1, "standard", 0.75, 0.5)
    regions = {task.stem: task.region for task in tasks}
    found = {"head": 0, "legs": 0}
    for row in rows:
        region = regions[row["path"].split("/")[1].removesuffix(".jpg")]
        if not region:
            continue
        labels = read_labels(tmp_path, row["path"])
        numbers = [14] if region == "head" else [4, 5, 6, 7, 8, 9]
        hidden = not np.isin(labels, numbers).any()
        kinds = {"head": {"umbrella"}, "legs": {"car", "crate"}}[region]
        assert hidden and row["occluder"] in kinds
        # The rest of the person is not hidden with them.
        assert labels.any()
        found[region] += 1
    assert min(found.values()) > 8


def test_a_folder_of_before_the_dials_is_still_known(mini, tmp_path):
    stored = json.loads((mini / "dataset.json").read_text())
    for name in ("hidden_share", "hidden_parts"):
        del stored["settings"][name]
    (tmp_path / "dataset.json").write_text(json.dumps(stored))
    assert render_embedded_pedestrians(tmp_path, preset="mini") == tmp_path
    with pytest.raises(ValueError, match=r"hidden_share=0\.1.*share=0\.3"):
        render_embedded_pedestrians(tmp_path, "mini", hidden_share=0.3)


@pytest.mark.parametrize(
    "name", ["label_noise", "hidden_share", "hidden_parts"]
)
def test_shares_are_shares(tmp_path, name):
    with pytest.raises(ValueError, match=f"`{name}` is between 0 and 1; .* 2"):
        render_embedded_pedestrians(tmp_path, "mini", **{name: 2})


@pytest.mark.parametrize("dial", [{"hidden_share": 0.5}, {"hidden_parts": 0.1}])
def test_nobody_is_hidden_more_where_nobody_is(tmp_path, dial):
    with pytest.raises(
        ValueError, match=r"'none', which hides nobody.*'light'"
    ):
        render_embedded_pedestrians(tmp_path, "mini", 1, "none", **dial)


def test_another_seed_gives_other_pixels(mini, tmp_path):
    main(
        [f"--root={tmp_path / 'x'}", "--preset=mini", "--seed=2", "--workers=1"]
    )
    assert digest(tmp_path / "x") != digest(mini)


def test_layout_and_counts(mini, mini_rows):
    counts = json.loads((mini / "dataset.json").read_text())["counts"]
    folders = {
        "train": "bounding_box_train",
        "query": "query",
        "gallery": "bounding_box_test",
    }
    for split, folder in folders.items():
        rows = [row for row in mini_rows if row["split"] == split]
        stems = {path.stem for path in (mini / folder).iterdir()}
        masks = {path.stem for path in (mini / "parts" / folder).iterdir()}
        assert stems == masks and len(rows) == len(stems)
        assert {f"{folder}/{stem}.jpg" for stem in stems} == {
            row["path"] for row in rows
        }
        assert counts[split]["images"] == len(rows)
    assert not list(mini.rglob("*.part"))
    assert not (mini / "unfinished.jsonl").exists()


def test_hidden_and_visible_pixels_make_up_the_whole_person(mini, mini_rows):
    tasks = plan_tasks("mini", 1, "none")
    tasks = {task.stem: task for task in tasks}
    people, twins = draw_people("mini", 1)
    for row in mini_rows:
        stem = row["path"].split("/")[1].removesuffix(".jpg")
        task = tasks[stem]
        whole = compose(task, people[task.identity - 1], 1).labels
        seen = read_labels(mini, row["path"])
        assert seen.dtype == np.uint8 and seen.shape == whole.shape
        np.testing.assert_array_equal(seen[seen > 0], whole[seen > 0])
        hidden = np.count_nonzero((whole > 0) & (seen == 0))
        assert np.count_nonzero(seen) + hidden == np.count_nonzero(whole)
        fraction = hidden / np.count_nonzero(whole)
        assert float(row["occlusion"]) == pytest.approx(fraction, abs=0.01)
        assert (fraction > 0) == (row["occluder"] != "")
        for part, name in enumerate(PART_NAMES, start=1):
            pixels = np.count_nonzero(whole == part)
            expected = np.count_nonzero(seen == part) / max(pixels, 1)
            written = float(row[f"visible_{name}"])
            assert written == pytest.approx(expected, abs=0.01)
        assert int(row["identity"]) == task.identity
        assert int(row["camera"]) == task.camera
        assert row["twin_of"] == str(twins[task.identity - 1] or "")
        if row["split"] == "query":
            assert 0.3 <= fraction <= 0.7


def test_files_are_ordinary(mini, mini_rows):
    for row in mini_rows[::9]:
        with Image.open(mini / row["path"]) as image:
            assert image.mode == "RGB" and image.format == "JPEG"
            size = image.size
        assert read_labels(mini, row["path"]).shape == size[::-1]
    with Image.open(mini / "preview.png") as preview:
        assert preview.mode == "RGB"
        assert preview.size == (16 * 64, 6 * 2 * 128)
    bank = sorted((mini / "occluders").iterdir())
    assert len(bank) == 27
    for path in bank:
        with Image.open(path) as picture:
            assert picture.mode == "RGBA"
            alpha = np.asarray(picture)[..., 3]
        assert (alpha > 127).mean() > 0.05 and alpha.max() == 255


def test_the_picture_is_the_person(mini, mini_rows):
    """Written JPEGs show the drawn RGB picture, channels in order."""
    tasks = {task.stem: task for task in plan_tasks("mini", 1, "standard")}
    people, _ = draw_people("mini", 1)
    for row in mini_rows[:6]:
        task = tasks[row["path"].split("/")[1].removesuffix(".jpg")]
        drawn = compose(task, people[task.identity - 1], 1).image
        with Image.open(mini / row["path"]) as image:
            error = np.abs(np.asarray(image).astype(int) - drawn)
        assert error.mean() < 8


def test_shared_files_are_the_same_file(mini, mini_rows):
    query = {
        r["path"].split("/")[1] for r in mini_rows if r["split"] == "query"
    }
    shared = [n for n in query if (mini / "bounding_box_test" / n).exists()]
    assert len(shared) == 7
    for name in shared:
        first, second = (
            (mini / folder / name).read_bytes()
            for folder in ("query", "bounding_box_test")
        )
        assert first == second


def test_an_interrupted_run_is_completed(mini, tmp_path, monkeypatch):
    class Killed(BaseException):
        pass

    drawn = []

    def count(task, *args):
        drawn.append(task.index)
        if len(drawn) == 40:
            raise Killed
        return compose(task, *args)

    root = tmp_path / "interrupted"
    monkeypatch.setattr(job_module, "compose", count)
    with pytest.raises(Killed):
        render_embedded_pedestrians(root, preset="mini", workers=1)
    assert not (root / "dataset.json").exists()
    with pytest.raises(ValueError, match=r"seed=1.*seed=9"):
        render_embedded_pedestrians(root, preset="mini", seed=9, workers=1)
    log = root / "unfinished.jsonl"
    # The last report was only half written when the power went.
    log.write_text(log.read_text()[:-200])
    render_embedded_pedestrians(root, preset="mini", workers=1)
    # The one that was lost, and the one that was being drawn.
    assert len(drawn) - len(set(drawn)) == 2
    assert digest(root) == digest(mini)
    assert (root / "images.csv").read_bytes() == (
        mini / "images.csv"
    ).read_bytes()
    assert not log.exists()


def end(*_):
    os._exit(1)


def test_a_worker_that_is_killed_is_an_error(mini, tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(job_module, "start_worker", end)
        with pytest.raises(RuntimeError, match=r"too early.*do the same"):
            render_embedded_pedestrians(tmp_path, preset="mini", workers=2)
    assert not (tmp_path / "dataset.json").exists()
    render_embedded_pedestrians(tmp_path, preset="mini", workers=1)
    assert digest(tmp_path) == digest(mini)


def processes(session):
    """Numbers of the processes of a session that still run."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _, _, number = (
                path.read_text().rpartition(")")[2].split()[:4]
            )
            if int(number) == session and state != "Z":
                found.append(int(path.parent.name))
    return found


@pytest.mark.nightly
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="no /proc")
def test_killed_drawing_leaves_no_process_behind(tmp_path):
    code = (
        "from keras_drop.datasets.embedded_pedestrians import "
        "render_embedded_pedestrians as render\n"
        f"render({str(tmp_path / 'drawn')!r}, 'small', workers=2)"
    )
    drawing = subprocess.Popen(
        [sys.executable, "-c", code],
        start_new_session=True,
        stderr=subprocess.DEVNULL,
    )
    log = tmp_path / "drawn" / UNFINISHED
    end = time.monotonic() + 60
    while not log.exists() or len(log.read_text().splitlines()) < 3:
        assert time.monotonic() < end, "nothing was drawn"
        time.sleep(0.2)
    assert len(processes(drawing.pid)) >= 3
    drawing.kill()
    drawing.wait()
    end = time.monotonic() + 20
    while processes(drawing.pid):
        assert time.monotonic() < end, "processes are left"
        time.sleep(0.2)


def test_a_finished_folder_is_left_alone(mini):
    before = (mini / "dataset.json").stat().st_mtime_ns
    files = len(list(mini.rglob("*")))
    assert render_embedded_pedestrians(mini, preset="mini", seed=1) == mini
    assert (mini / "dataset.json").stat().st_mtime_ns == before
    assert len(list(mini.rglob("*"))) == files


@pytest.mark.parametrize(
    "arguments, words",
    [
        ({"preset": "small"}, r"preset='mini'.*preset='small'"),
        ({"seed": 5}, r"seed=1,.*seed=5"),
        ({"occlusion": "none"}, r"occlusion='standard'.*occlusion='none'"),
        ({"label_noise": 0.5}, r"label_noise=0.0.*label_noise=0.5"),
    ],
)
def test_another_set_in_the_same_folder_is_refused(mini, arguments, words):
    with pytest.raises(ValueError, match=words):
        render_embedded_pedestrians(mini, **{"preset": "mini", **arguments})


def test_bad_arguments_are_named(tmp_path):
    for seed in (-1, 1.7):
        with pytest.raises(ValueError, match="`seed` is a whole number from 0"):
            render_embedded_pedestrians(tmp_path, "mini", seed)
    with pytest.raises(ValueError, match=r"'mini', 'small', .*'tiny'"):
        render_embedded_pedestrians(tmp_path, preset="tiny")
    with pytest.raises(ValueError, match=r"'none', 'light', .*'much'"):
        render_embedded_pedestrians(tmp_path, occlusion="much")
    with pytest.raises(ValueError, match="between 0 and 1"):
        render_embedded_pedestrians(tmp_path, label_noise=2)
    (tmp_path / "holiday.jpg").write_bytes(b"")
    with pytest.raises(ValueError, match="not empty"):
        render_embedded_pedestrians(tmp_path, preset="mini")


def test_label_noise_is_for_training_labels(mini, mini_rows, tmp_path):
    noisy = render_embedded_pedestrians(
        tmp_path / "noisy", preset="mini", label_noise=0.8, workers=1
    )
    changed = {"train": 0, "query": 0, "gallery": 0}
    for row in mini_rows:
        changed[row["split"]] += not np.array_equal(
            read_labels(mini, row["path"]), read_labels(noisy, row["path"])
        )
        image = (noisy / row["path"]).read_bytes()
        assert image == (mini / row["path"]).read_bytes()
    assert changed["train"] > 60
    assert changed["query"] == changed["gallery"] == 0

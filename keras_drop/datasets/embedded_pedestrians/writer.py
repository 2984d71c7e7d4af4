"""Writes the whole data set; an interrupted run is taken up again."""

import csv
import dataclasses
import hashlib
import io
import json
import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

from keras_drop.datasets.embedded_pedestrians import job
from keras_drop.datasets.embedded_pedestrians.occluders import (
    KINDS,
    draw_occluder,
)
from keras_drop.datasets.embedded_pedestrians.plan import (
    FOLDERS,
    PRESETS,
    SEVERITIES,
    plan_tasks,
)
from keras_drop.datasets.embedded_pedestrians.preview import draw_preview

FINISHED, UNFINISHED = "dataset.json", "unfinished.jsonl"
BANK_SIZE = 27
# Pictures that are drawn while another process starts.
_WORTH_A_PROCESS = 256


def render_embedded_pedestrians(
    root,
    preset="small",
    seed=1,
    occlusion="standard",
    label_noise=0.0,
    workers=None,
):
    """Draws the embedded pedestrians: a ReID data set that may be shared.

    The folder has the layout of Occluded-Duke, with part labels, a bank of
    obstacles, `images.csv` with the truth about every picture and a contact
    sheet `preview.png`. The same arguments give the same pixels anywhere. A
    finished folder is left as it is; an interrupted run is completed.

    Args:
        root: Folder to write to.
        preset: `"mini"`, `"small"`, `"medium"` or `"full"`.
        seed: Whole number everything follows from.
        occlusion: How much of the queries is hidden: `"none"`, `"light"`,
            `"standard"` or `"heavy"`.
        label_noise: 0 to 1, how much the training labels resemble the
            guesses of a parser; 0 leaves them exact.
        workers: Number of processes, by default one per CPU core, and one
            alone for a small set.

    Returns:
        `root` as a `pathlib.Path`.

    Raises:
        ValueError: An unknown preset or severity, or a folder that holds
            something else; the message names what it holds.
        RuntimeError: A drawing process was killed, or cannot start.

    Example:
    >>> from keras_drop.datasets.embedded_pedestrians import (
    ...     render_embedded_pedestrians,
    ... )
    >>> import tempfile
    >>> root = render_embedded_pedestrians(
    ...     tempfile.mkdtemp(), preset="mini", workers=1)
    >>> len(list((root / "query").iterdir()))
    12
    """
    _check_choice("preset", preset, PRESETS)
    _check_choice("occlusion", occlusion, SEVERITIES)
    if not 0 <= label_noise <= 1:
        raise ValueError(
            f"`label_noise` is between 0 and 1; it is {label_noise}."
        )
    root = Path(root)
    settings = job.Settings(preset, int(seed), occlusion, float(label_noise))
    if (root / FINISHED).exists():
        stored = json.loads((root / FINISHED).read_text())
        _check_same(root, "holds", stored["settings"], settings)
        return root
    tasks = plan_tasks(preset, settings.seed, occlusion)
    reports = _open_log(root, settings)
    pending = [task for task in tasks if task.index not in reports]
    with open(root / UNFINISHED, "a", encoding="utf-8") as log:
        for report in _run(root, settings, pending, len(tasks), workers):
            log.write(json.dumps(report) + "\n")
            log.flush()
            reports[report["index"]] = report
    _finish(root, settings, [reports[task.index] for task in tasks])
    return root


def _check_choice(name, value, known):
    if value not in known:
        raise ValueError(
            f"Unknown {name} {value!r}. Known: {', '.join(known)}."
        )


def _check_same(root, verb, stored, settings):
    wanted = dataclasses.asdict(settings)
    if stored != wanted:
        raise ValueError(
            f"{root} {verb} the embedded pedestrians with {_words(stored)}; "
            f"asked for are those with {_words(wanted)}. Choose another "
            "folder, or delete this one."
        )


def _words(settings):
    return ", ".join(f"{name}={value!r}" for name, value in settings.items())


def _open_log(root, settings):
    """Reports of an interrupted run by index; begins the log of a new one."""
    log = root / UNFINISHED
    if log.exists():
        first, *lines = log.read_text(encoding="utf-8").splitlines()
        _check_same(
            root, "holds an unfinished run of", json.loads(first), settings
        )
        reports = [r for r in map(_report_or_none, lines) if r is not None]
        header = dataclasses.asdict(settings)
        content = "".join(json.dumps(row) + "\n" for row in (header, *reports))
        job.write_file(log, content.encode())
        return {report["index"]: report for report in reports}
    if root.exists() and any(root.iterdir()):
        raise ValueError(
            f"{root} is not empty and was not begun by this renderer. Choose "
            "an empty folder."
        )
    for folder in FOLDERS.values():
        (root / folder).mkdir(parents=True, exist_ok=True)
        (root / "parts" / folder).mkdir(parents=True, exist_ok=True)
    header = json.dumps(dataclasses.asdict(settings)) + "\n"
    job.write_file(log, header.encode())
    return {}


def _report_or_none(line):
    """A report, or None for a line that was cut off by the interruption."""
    try:
        return json.loads(line)
    except json.JSONDecodeError:
        return None


def _run(root, settings, tasks, total, workers):
    """Reports of all tasks, as they are finished."""
    if workers is None:
        workers = min(os.cpu_count() or 1, len(tasks) // _WORTH_A_PROCESS)
    workers = max(1, min(workers, len(tasks) // 8))
    bar = {
        "total": total,
        "initial": total - len(tasks),
        "unit": "img",
        "desc": f"Drawing {settings.preset}",
    }
    if workers == 1:
        yield from map(job.Job(root, settings), tqdm(tasks, **bar))
        return
    methods = multiprocessing.get_all_start_methods()
    method = "forkserver" if "forkserver" in methods else "spawn"
    context = multiprocessing.get_context(method)
    pool = ProcessPoolExecutor(
        workers, context, job.start_worker, (root, settings)
    )
    try:
        with pool:
            reports = pool.map(job.run_task, tasks, chunksize=8)
            yield from tqdm(reports, **bar)
    except BrokenProcessPool as error:
        raise RuntimeError(
            f"A process that draws into {root} has ended too early. If it was "
            "killed, as for want of memory, do the same again: it goes on "
            "where it was. In a script, draw below "
            '`if __name__ == "__main__":`, or with `workers=1`.'
        ) from error


def _finish(root, settings, reports):
    rows = [row for report in reports for row in report["rows"]]
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerows([job.COLUMNS, *rows])
    job.write_file(root / "images.csv", text.getvalue().encode())
    _write_bank(root, settings.seed)
    preview = draw_preview(root, rows)
    job.write_file(root / "preview.png", job.encode(".png", preview))
    digest = hashlib.sha256("".join(r["digest"] for r in reports).encode())
    counts = {
        split: {
            "identities": len({row[1] for row in rows if row[-1] == split}),
            "images": sum(row[-1] == split for row in rows),
        }
        for split in FOLDERS
    }
    content = {
        "name": "embedded_pedestrians",
        "settings": dataclasses.asdict(settings),
        "counts": counts,
        "label_format": "densepose14",
        "sha256": digest.hexdigest(),
    }
    text = json.dumps(content, indent=2) + "\n"
    job.write_file(root / FINISHED, text.encode())
    (root / UNFINISHED).unlink()


def _write_bank(root, seed):
    """Obstacles to paste over training images: none of them is filmed."""
    (root / "occluders").mkdir(exist_ok=True)
    kinds = list(KINDS)
    for number in range(BANK_SIZE):
        rng = np.random.default_rng([seed, 6, number])
        picture = draw_occluder(kinds[number % len(kinds)], rng).picture
        content = job.encode(".png", picture, cv2.IMWRITE_PNG_COMPRESSION, 4)
        job.write_file(root / "occluders" / f"{number:02d}.png", content)

"""Writes the whole data set; an interrupted run is taken up again."""

import json
import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from tqdm import tqdm

from keras_drop.checks import refuse_unknown
from keras_drop.datasets.embedded_pedestrians.files import job
from keras_drop.datasets.embedded_pedestrians.files.plan import (
    PRESETS,
    SEVERITIES,
    plan_tasks,
)
from keras_drop.datasets.embedded_pedestrians.files.run_log import (
    UNFINISHED,
    check_same,
    open_log,
)
from keras_drop.datasets.embedded_pedestrians.files.summary import (
    FINISHED,
    finish,
)

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
    refuse_unknown(preset=(preset, PRESETS), occlusion=(occlusion, SEVERITIES))
    if not 0 <= label_noise <= 1:
        raise ValueError(
            f"`label_noise` is between 0 and 1; it is {label_noise}."
        )
    root = Path(root)
    settings = job.Settings(preset, int(seed), occlusion, float(label_noise))
    if (root / FINISHED).exists():
        stored = json.loads((root / FINISHED).read_text())
        check_same(root, "holds", stored["settings"], settings)
        return root
    tasks = plan_tasks(preset, settings.seed, occlusion)
    reports = open_log(root, settings)
    pending = [task for task in tasks if task.index not in reports]
    with open(root / UNFINISHED, "a", encoding="utf-8") as log:
        for report in _run(root, settings, pending, len(tasks), workers):
            log.write(json.dumps(report) + "\n")
            log.flush()
            reports[report["index"]] = report
    finish(root, settings, [reports[task.index] for task in tasks])
    (root / UNFINISHED).unlink()
    return root


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

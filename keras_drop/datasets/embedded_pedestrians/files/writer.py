"""Writes the whole data set; an interrupted run is taken up again."""

import json
import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from tqdm import tqdm

from keras_drop.checks import refuse_no_whole, refuse_unknown
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
    hidden_share=0.1,
    hidden_parts=0.0,
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
        seed: Whole number, not negative, everything follows from.
        occlusion: How much of the queries is hidden: `"none"`, `"light"`,
            `"standard"` or `"heavy"`.
        label_noise: 0 to 1, how much the training labels resemble the
            guesses of a parser; 0 leaves them exact.
        hidden_share: 0 to 1, how many of the training images are hidden, each
            by 10 to 40 percent.
        hidden_parts: 0 to 1, in how many of the hidden images, those of the
            training and the queries, the legs are wholly behind a car or a
            crate, or the head is under an umbrella, whatever share of the
            person that hides. By default it hardly happens.
        workers: Number of processes, by default one per CPU core, and one
            alone for a small set.

    Returns:
        `root` as a `pathlib.Path`.

    Raises:
        ValueError: An unknown preset or severity, no seed, or a folder that
            holds something else; the message names what it holds.
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
    shares = {
        "label_noise": label_noise,
        "hidden_share": hidden_share,
        "hidden_parts": hidden_parts,
    }
    for name, value in shares.items():
        if not 0 <= value <= 1:
            raise ValueError(f"`{name}` is between 0 and 1; it is {value}.")
    if occlusion == "none" and (hidden_share > 0.1 or hidden_parts > 0):
        raise ValueError(
            f"`occlusion` is 'none', which hides nobody, but `hidden_share` is "
            f"{hidden_share} and `hidden_parts` {hidden_parts}. Leave these "
            "out, or take `occlusion` 'light'."
        )
    refuse_no_whole(seed=seed)
    root = Path(root)
    settings = job.Settings(
        preset, int(seed), occlusion, **{k: float(v) for k, v in shares.items()}
    )
    if (root / FINISHED).exists():
        stored = json.loads((root / FINISHED).read_text())
        check_same(root, "holds", stored["settings"], settings)
        return root
    tasks = plan_tasks(
        preset,
        settings.seed,
        occlusion,
        settings.hidden_share,
        settings.hidden_parts,
    )
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

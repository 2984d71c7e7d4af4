"""The log of a run, from which an interrupted one is taken up again."""

import dataclasses
import json

from keras_drop.datasets.embedded_pedestrians.files.plan import FOLDERS
from keras_drop.datasets.files.whole_files import write_file

UNFINISHED = "unfinished.jsonl"


def open_log(root, settings):
    """Reports of an interrupted run by index; begins the log of a new one.

    Args:
        root: `pathlib.Path` of the folder to write to.
        settings: `Settings` of the run.

    Returns:
        Dictionary of reports, as of `Job`, by their index.

    Raises:
        ValueError: A folder that holds something else.
    """
    log = root / UNFINISHED
    if log.exists():
        first, *lines = log.read_text(encoding="utf-8").splitlines()
        check_same(
            root, "holds an unfinished run of", json.loads(first), settings
        )
        reports = [r for r in map(_report_or_none, lines) if r is not None]
        header = dataclasses.asdict(settings)
        content = "".join(json.dumps(row) + "\n" for row in (header, *reports))
        write_file(log, content.encode())
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
    write_file(log, header.encode())
    return {}


def check_same(root, verb, stored, settings):
    """Refuses a folder with other settings, which the message names."""
    wanted = dataclasses.asdict(settings)
    # Folders of before a setting was there have its default.
    stored = {
        **{
            field.name: field.default
            for field in dataclasses.fields(settings)
            if field.default is not dataclasses.MISSING
        },
        **stored,
    }
    if stored != wanted:
        raise ValueError(
            f"{root} {verb} the embedded pedestrians with {_words(stored)}; "
            f"asked for are those with {_words(wanted)}. Choose another "
            "folder, or delete this one."
        )


def _words(settings):
    return ", ".join(f"{name}={value!r}" for name, value in settings.items())


def _report_or_none(line):
    """A report, or None for a line that was cut off by the interruption."""
    try:
        return json.loads(line)
    except json.JSONDecodeError:
        return None

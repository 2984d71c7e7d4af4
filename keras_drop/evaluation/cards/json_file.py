"""JSON files that are whole and hold exactly what is expected."""

import json
import os
from pathlib import Path

from keras_drop.files.regular_file import check_regular_file

_MAX_BYTES = 2**30


def write_json(path, content):
    """Writes all of a file or nothing; returns its path."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with open(unfinished, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=2, allow_nan=False)
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
    return path


def read_json(path):
    """What a JSON file holds.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: The file is no JSON; the message names it.
    """
    try:
        check_regular_file(path, _MAX_BYTES)
        return json.loads(
            Path(path).read_text(encoding="utf-8"), parse_constant=_no_number
        )
    # Of brackets in brackets without an end.
    except RecursionError:
        raise ValueError(f"{path} is not JSON: it is too deep.") from None
    except ValueError as error:
        raise ValueError(f"{path} is not JSON: {error}.") from None


def _no_number(name):
    raise ValueError(f"{name} is no number")


def check_fields(path, content, expected):
    """Refuses content that has not exactly the expected fields."""
    if not isinstance(content, dict):
        raise ValueError(
            f"{path} has a {type(content).__name__} where it needs the "
            f"fields {', '.join(sorted(expected))}."
        )
    unknown = sorted(set(content) - expected)
    missing = sorted(expected - set(content))
    if unknown or missing:
        found = [f"the unknown fields {', '.join(unknown)}"] * bool(unknown)
        found += [f"no {', '.join(missing)}"] * bool(missing)
        raise ValueError(
            f"{path} was not written by this version: it has "
            f"{' and '.join(found)}."
        )

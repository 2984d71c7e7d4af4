"""What `DataSettings` name, read to records."""

import warnings
from pathlib import Path

import numpy as np

from keras_drop.data import readable_splits
from keras_drop.datasets import LABEL_FORMATS, join_records
from keras_drop.files.packed_file import holding_file
from keras_drop.records import Records

WITHOUT_LABELS = "stripes"


def read_splits(settings):
    """The splits of a run.

    Args:
        settings: `DataSettings`.

    Returns:
        Dictionary of `Records`: `"train"` of all data sets, `"query"` and
        `"gallery"` of the first that is evaluated.

    Raises:
        ValueError: Nothing to train on, or nothing to evaluate.
    """
    found = {s.name: _read(settings, s) for s in settings.sources}
    for name, splits in found.items():
        if not len(splits.get("train", ())):
            raise ValueError(
                f"{name} has no images to train on, only {', '.join(splits)}."
            )
    train = {name: splits["train"] for name, splits in found.items()}
    records = next(iter(train.values()))
    if len(train) > 1:
        records = join_records(train)
    tests = read_tests(settings, found)
    return {"train": records, **next(iter(tests.values()))}


def read_tests(settings, found=None):
    """The splits of each data set that a run evaluates.

    Args:
        settings: `DataSettings`.
        found: Splits that were read before, by name.

    Returns:
        Dictionary from names to dictionaries of `Records` of `"query"` and
        `"gallery"`.

    Raises:
        ValueError: A data set without one of them.
    """
    tests = {}
    for source in settings.tested:
        splits = (found or {}).get(source.name) or _read(settings, source)
        missing = {"query", "gallery"} - set(splits)
        if missing:
            raise ValueError(
                f"{source.name} has no {' and no '.join(sorted(missing))} to "
                "evaluate. Give `test_data` that has some, or draw a split: "
                "keras-drop table."
            )
        tests[source.name] = {s: splits[s] for s in ("query", "gallery")}
    return tests


def readable_tests(splits, max_unreadable):
    """The splits, those that are evaluated without what cannot be read.

    Args:
        splits: Dictionary of `Records`.
        max_unreadable: As of `readable_splits`.
    """
    tests = {name: splits[name] for name in splits if name != "train"}
    return splits | readable_splits(tests, max_unreadable)


def readable_rows(records, max_unreadable):
    """Rows of the training images that can be read.

    Batches take others in the place of broken files, and warn of them; what
    looks at the training images besides leaves them out.

    Args:
        records: `Records` of training images.
        max_unreadable: As of `readable_splits`.

    Returns:
        `(num_readable,)` row numbers, ascending.
    """
    rows = np.arange(len(records))
    numbered = Records(
        records.paths, records.identities, records.cameras, row=rows
    )
    with warnings.catch_warnings():
        # It says what is done with test images.
        warnings.filterwarnings("ignore", ".*files could not be read")
        return readable_splits({"train": numbered}, max_unreadable)["train"].row


def check_labels(settings):
    """Refuses data sets of which one has no labels, or others have others.

    Raises:
        ValueError: Names the data, and what to say.
    """
    formats = {source.label_format for source in settings.sources}
    if not settings.label_format and len(formats) > 1:
        raise ValueError(
            f"The labels of {settings.data} are "
            f"{' and '.join(sorted(formats))}. Say by `label_format` which all "
            "of them are."
        )
    if settings.format == WITHOUT_LABELS:
        return
    for source in settings.sources:
        several = len(settings.sources) > 1 and source.keeps_labels
        folder = None if several else settings.parsing_dir
        if not source.has_labels(folder):
            missing = "`parsing_dir` is missing"
            if source.keeps_labels:
                missing = (
                    f"{source.data} has no column parsing_path, which "
                    "`keras-drop table --parsing_dir` writes"
                )
            if source.built:
                missing = f"{source.data} was built without labels"
            raise ValueError(
                f"{missing}: parts need labels, or `label_format` "
                f"{WITHOUT_LABELS}, which is instead of them."
            )


def refuse_other_labels(records, labels):
    """Refuses label files of another kind than those of the format.

    Own data does not say of what format its labels are; a run does, or has
    the usual one.

    Args:
        records: `Records` of training images.
        labels: `ParsingLabels` that are to read their labels.

    Raises:
        ValueError: Names a file, and the formats that have such files.
    """
    ending = LABEL_FORMATS[labels.label_format].ending
    known = {one.ending for one in LABEL_FORMATS.values()} - {ending, ""}
    for path in records.parsing_paths.tolist():
        # What is packed has no ending of its own.
        found = Path(holding_file(path)).suffix.lower()
        if ending and found in known:
            names = [n for n, f in LABEL_FORMATS.items() if f.ending == found]
            raise ValueError(
                f"{path} is a {found} file; labels of the `label_format` "
                f"{labels.label_format!r} are {ending} files. Say of which "
                f"format they are: {', '.join(names)}."
            )


def refuse_missing(**paths):
    """Refuses paths, `None` for one not given, that are not there.

    Raises:
        FileNotFoundError: Names the setting and its path.
    """
    for name, path in paths.items():
        if path is not None and not Path(path).exists():
            raise FileNotFoundError(f"`{name}` is {path}, which is not there.")


def _read(settings, source):
    folder = settings.parsing_dir
    learnt = source in settings.sources
    if source.keeps_labels and not learnt:
        folder = None  # It is that of the images to train on.
    if folder is not None and len(settings.sources) > 1:
        # What is only evaluated need not have labels.
        needed = learnt and not source.keeps_labels
        folder = folder / source.name
        folder = folder if needed or folder.is_dir() else None
    return source.read(folder, settings.format)

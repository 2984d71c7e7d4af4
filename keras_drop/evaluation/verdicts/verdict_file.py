"""The small file in which a `PairVerdict` is kept beside its model."""

import dataclasses

from keras_drop.checks import (
    refuse_less_than_1,
    refuse_outside,
    refuse_unknown_names,
)
from keras_drop.evaluation.cards.json_file import (
    check_fields,
    read_json,
    write_json,
)
from keras_drop.evaluation.distance import Distance
from keras_drop.evaluation.verdicts.part_calibration import PartCalibration
from keras_drop.evaluation.verdicts.platt_scaling import PlattScaling
from keras_drop.evaluation.verdicts.verdict_thresholds import VerdictThreshold

_FORMAT = "keras_drop PairVerdict 1"
_PLAIN = {"names", "prior", "min_pairs"}
_FIELDS = {
    "format",
    "metric",
    "visibility_weight",
    "thresholds",
    "by_parts",
    "by_count",
    "overall",
    *_PLAIN,
}


def write_verdict(path, verdict):
    """Writes the fields of a `PairVerdict`; returns the path."""
    calibration = verdict.calibration
    content = {
        "format": _FORMAT,
        **{name: getattr(verdict, name) for name in sorted(_PLAIN)},
        "metric": verdict.distance.metric,
        "visibility_weight": verdict.distance.visibility_weight,
        "thresholds": [dataclasses.asdict(t) for t in verdict.thresholds],
        "overall": dataclasses.asdict(calibration.overall),
        "by_count": [
            {"num_parts": number, **dataclasses.asdict(scaling)}
            for number, scaling in calibration.by_count.items()
        ],
        "by_parts": [
            {
                "parts": [n for n, seen in zip(verdict.names, shared) if seen],
                **dataclasses.asdict(scaling),
            }
            for shared, scaling in calibration.by_parts.items()
        ],
    }
    return write_json(path, content)


def read_verdict(path):
    """Dictionary of the fields of a `PairVerdict`."""
    content = read_json(path)
    if not isinstance(content, dict) or content.get("format") != _FORMAT:
        raise ValueError(
            f"{path} is no file of this version that `PairVerdict.save` "
            f"wrote: it does not say {_FORMAT!r}."
        )
    check_fields(path, content, _FIELDS)
    try:
        return _fields(path, content)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        message = str(error).removeprefix(f"{path} ")
        raise ValueError(f"{path} is damaged: {message}") from None


def _fields(path, content):
    names = _checked_names(content["names"])
    refuse_outside(0, 1, prior=content["prior"])
    refuse_less_than_1(min_pairs=content["min_pairs"])
    for entry in content["by_count"]:
        refuse_outside(1, len(names), num_parts=entry["num_parts"])
    for entry in content["by_parts"]:
        refuse_unknown_names("parts", entry["parts"], names)
    by_count = {
        entry["num_parts"]: _build(path, PlattScaling, entry, "num_parts")
        for entry in content["by_count"]
    }
    by_parts = {
        tuple(name in entry["parts"] for name in names): _build(
            path, PlattScaling, entry, "parts"
        )
        for entry in content["by_parts"]
    }
    return {
        **{name: content[name] for name in _PLAIN},
        "names": names,
        "distance": Distance(
            content["metric"], visibility_weight=content["visibility_weight"]
        ),
        "calibration": PartCalibration(
            by_parts, by_count, _build(path, PlattScaling, content["overall"])
        ),
        "thresholds": tuple(
            _build(path, VerdictThreshold, entry)
            for entry in content["thresholds"]
        ),
    }


def _checked_names(names):
    """The names of the embeddings, a tuple."""
    if (
        not isinstance(names, list)
        or not names
        or len({name for name in names if isinstance(name, str)}) < len(names)
    ):
        raise ValueError(f"`names` are different texts, not {names!r:.100}.")
    return tuple(names)


def _build(path, cls, entry, *others):
    """`cls` of the entry's fields, which are its own and the `others`."""
    names = {field.name for field in dataclasses.fields(cls)}
    check_fields(path, entry, names | set(others))
    return cls(**{name: entry[name] for name in names})

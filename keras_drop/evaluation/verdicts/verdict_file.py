"""The small file in which a `PairVerdict` is kept beside its model."""

import dataclasses

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
    names = tuple(content["names"])
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


def _build(path, cls, entry, *others):
    """`cls` of the entry's fields, which are its own and the `others`."""
    names = {field.name for field in dataclasses.fields(cls)}
    check_fields(path, entry, names | set(others))
    return cls(**{name: entry[name] for name in names})

"""The JSON file of a `ResultCard`: readable, and exact in all it holds."""

import dataclasses
import math

from keras_drop.checks import refuse_outside, refuse_unknown_names
from keras_drop.evaluation.cards.card_values import check_card_values
from keras_drop.evaluation.cards.json_file import (
    check_fields,
    read_json,
    write_json,
)
from keras_drop.evaluation.cards.model_description import ModelDescription
from keras_drop.evaluation.cards.result_content import (
    array_to_text,
    result_content,
    result_of_content,
    text_to_array,
)
from keras_drop.evaluation.distance import Distance
from keras_drop.evaluation.groups.bootstrap import Bootstrap
from keras_drop.evaluation.protocol import Protocol

_FORMAT = 2
_VALUES = {
    "model": ModelDescription,
    "protocol": Protocol,
    "distance": Distance,
    "bootstrap": Bootstrap,
}
_PLAIN = (
    "protocol_checksum",
    "rerank",
    "versions",
    "num_gallery",
    "intervals",
)
_FIELDS = {
    "format",
    "metrics",
    "counts",
    "by_occlusion",
    "query_order",
    "result",
    *_VALUES,
    *_PLAIN,
}


def write_card(path, card):
    """Writes all of a card, or nothing; returns the path."""
    content = {
        "format": _FORMAT,
        "metrics": card.metrics,
        "counts": card.counts,
        "by_occlusion": _replaced(card.by_occlusion, math.isnan, None),
        **{name: dataclasses.asdict(getattr(card, name)) for name in _VALUES},
        **{name: getattr(card, name) for name in _PLAIN},
        "query_order": array_to_text(card.query_order),
        "result": result_content(card.result),
    }
    return write_json(path, content)


def read_card(path):
    """Dictionaries of the fields of a card, and of the metrics it tells.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: Not a card, or one with missing or unknown fields.
    """
    content = read_json(path)
    if isinstance(content, dict) and content.get("format") == 1:
        content = _of_format_1(content)
    check_fields(path, content, _FIELDS)
    if content["format"] != _FORMAT:
        raise ValueError(
            f"{path} has the format {content['format']!r}, this version "
            f"of the library reads {_FORMAT}. Evaluate again."
        )
    try:
        fields = _fields(path, content)
        check_card_values(fields)
        refuse_outside(0, 1, **content["metrics"])
    except (AttributeError, IndexError, TypeError, ValueError) as error:
        message = str(error).removeprefix(f"{path} is damaged: ")
        raise ValueError(f"{path} is damaged: {message}") from None
    return fields, content["metrics"]


def _fields(path, content):
    return {
        **{name: content[name] for name in _PLAIN},
        **{
            name: _value(name, value, content[name])
            for name, value in _VALUES.items()
        },
        "intervals": {
            name: tuple(ends) for name, ends in content["intervals"].items()
        },
        "by_occlusion": _replaced(
            content["by_occlusion"], lambda value: value is None, math.nan
        ),
        "query_order": text_to_array(
            path, "query_order", content["query_order"]
        ),
        "result": result_of_content(path, content["result"]),
    }


def _value(name, value, content):
    """The frozen value that a part of the file tells of, checked anew."""
    fields = [field.name for field in dataclasses.fields(value)]
    refuse_unknown_names(name, content, fields)
    if content.get("image_size") is not None:
        content = {**content, "image_size": tuple(content["image_size"])}
    return value(**content)


def _replaced(levels, wrong, value):
    """`stratify` of the levels, with NaN for `None`, which JSON knows."""
    return {
        level: {k: value if wrong(v) else v for k, v in metrics.items()}
        for level, metrics in levels.items()
    }


def _of_format_1(content):
    """What cards were before they told of the run and of the occlusion."""
    of_model = ("switches", "image_size", "seed")
    if not {"model", *of_model} <= set(content):
        return content
    rest = {k: v for k, v in content.items() if k not in of_model}
    model = {"name": content["model"], "run": {}}
    model |= {name: content[name] for name in of_model}
    return {**rest, "format": _FORMAT, "model": model, "by_occlusion": {}}

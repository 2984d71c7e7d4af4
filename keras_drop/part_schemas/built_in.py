"""The schemas that the library knows, by name."""

import dataclasses
import re

from keras_drop.checks import checked_choice
from keras_drop.part_schemas.bpbreid_schemas import BPBREID_SCHEMAS
from keras_drop.part_schemas.parser_schemas import PARSER_SCHEMAS
from keras_drop.part_schemas.part_schema import PartSchema
from keras_drop.part_schemas.source_labels import (
    ATR_BAG,
    ATR_UPPER_CLOTHES,
)

PART_SCHEMAS = {
    schema.name: schema for schema in (*BPBREID_SCHEMAS, *PARSER_SCHEMAS)
}
"""The part schemas by name: `"eight"`, `"five"`, `"hpnet_four"` and so on."""


def part_schema(name, bag_is_torso=False):
    """The `PartSchema` of a name; a `PartSchema` is returned as it is.

    Args:
        name: Name of a schema, or a `PartSchema`. `"stripes_5"`, and other
            numbers, is that of the label format `"stripes"`: its parts are
            `stripe_1`, the highest, and so on.
        bag_is_torso: Whether the bags of `"atr"` labels belong to the part
            of the upper clothes; otherwise they are background.

    Raises:
        ValueError: An unknown name; the message lists the known ones. Or
            bags asked for in a schema that cannot be made from `"atr"`.

    Example:
    >>> from keras_drop import part_schema
    >>> part_schema("five").part_names
    ('head', 'arms', 'torso', 'legs', 'feet')
    >>> part_schema("atr_five", bag_is_torso=True).groups["atr"][2]
    (4, 7, 8, 17, 16)
    """
    schema = name
    if is_striped(name):
        count = int(name.removeprefix("stripes_"))
        names = [f"stripe_{1 + index}" for index in range(count)]
        schema = PartSchema(name, names, {})
    elif not isinstance(schema, PartSchema):
        schema = PART_SCHEMAS[checked_choice("part_schema", name, PART_SCHEMAS)]
    return _with_bag(schema) if bag_is_torso else schema


def is_striped(schema):
    """Whether a `PartSchema`, or the name of one, is of equal stripes."""
    name = schema.name if isinstance(schema, PartSchema) else schema
    return bool(re.fullmatch("stripes_[1-9][0-9]?", str(name)))


def _with_bag(schema):
    if "atr" not in schema.groups:
        raise ValueError(
            "`bag_is_torso` is for schemas that are made from 'atr' labels; "
            f"{schema.name!r} is made from {', '.join(schema.groups)}."
        )
    groups = [
        (*group, ATR_BAG) if ATR_UPPER_CLOTHES in group else group
        for group in schema.groups["atr"]
    ]
    return dataclasses.replace(schema, groups={**schema.groups, "atr": groups})

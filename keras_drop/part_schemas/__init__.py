"""Part schemas: which body parts a model tells apart, as data."""

from keras_drop.part_schemas.built_in import PART_SCHEMAS, part_schema
from keras_drop.part_schemas.part_schema import PartSchema

__all__ = ["PART_SCHEMAS", "PartSchema", "part_schema"]

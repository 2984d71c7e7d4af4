import json

import keras
import pytest

from keras_drop import PART_SCHEMAS, PartSchema

pytestmark = pytest.mark.backend_neutral

HALVES = {"lip": ((1, 9), (9, 18))}


@pytest.mark.parametrize(
    "schema",
    [
        *PART_SCHEMAS.values(),
        PartSchema("own", ("left_a", "right_a"), HALVES, {"lip": [9]}),
    ],
    ids=lambda schema: schema.name,
)
def test_survives_json(schema):
    text = json.dumps(keras.saving.serialize_keras_object(schema))
    assert keras.saving.deserialize_keras_object(json.loads(text)) == schema


def test_a_schema_from_before_halved_labels():
    config = PartSchema("own", ("a", "b"), HALVES).get_config()
    del config["halved"]
    assert PartSchema.from_config(config).halved == {}


def test_swaps():
    assert PART_SCHEMAS["eight"].swapped_parts == (0, 2, 1, 3, 5, 4, 7, 6)
    swapped = PART_SCHEMAS["fourteen"].swapped_parts
    expected = (0, 2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11, 13)
    assert swapped == expected


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((("a",), {"png7": ((1,), (2,))}), "1 parts and 2 groups of 'png7'"),
        ((("left_a", "b"), {}), "needs a part 'right_a'"),
        ((("a", "b"), HALVES, {"lip": (1,)}), "label 1, which has to stand in"),
        ((("a", "b"), HALVES, {"atr": (9,)}), "halves the 'atr' label 9"),
    ],
)
def test_wrong_schemas(arguments, message):
    with pytest.raises(ValueError, match=message):
        PartSchema("own", *arguments)

"""Which source label goes to which part, by hand: every format and schema."""

import numpy as np
import pytest

from keras_drop import PART_SCHEMAS, part_schema
from keras_drop.data.labels.part_lookup import PartLookup
from keras_drop.datasets import LABEL_FORMATS

pytestmark = pytest.mark.backend_neutral

# The part of source label 0, 1, 2, ... Where two parts share a label by
# halves, the upper one's stands here.
PARTS = {
    "densepose14": {
        "eight": [0, 4, 3, 2, 7, 8, 6, 5, 6, 5, 2, 3, 2, 3, 1],
        "five_v": [0, 2, 3, 3, 5, 5, 4, 4, 4, 4, 2, 2, 3, 3, 1],
        "five": [0, 3, 2, 2, 5, 5, 4, 4, 4, 4, 2, 2, 2, 2, 1],
        "four": [0, 3, 2, 2, 4, 4, 4, 4, 4, 4, 2, 2, 2, 2, 1],
        "four_v": [0, 2, 2, 2, 4, 4, 3, 3, 3, 3, 2, 2, 2, 2, 1],
        "three_v": [0, 2, 2, 2, 3, 3, 3, 3, 3, 3, 2, 2, 2, 2, 1],
        "six": [0, 4, 3, 2, 5, 6, 6, 5, 6, 5, 2, 3, 2, 3, 1],
        "six_new": [0, 2, 4, 3, 6, 6, 5, 5, 5, 5, 3, 4, 3, 4, 1],
        "hpnet_four": [0, 2, 2, 2, 4, 4, 3, 3, 4, 4, 2, 2, 2, 2, 1],
        "seven": [0, 2, 4, 4, 7, 7, 5, 5, 6, 6, 3, 3, 4, 4, 1],
        "fourteen": [*range(15)],
    },
    "png7": {
        "five_v": [0, 1, 2, 2, 3, 4, 4, 5],
        "five": [0, 1, 3, 2, 2, 4, 4, 5],
        "four": [0, 1, 3, 2, 2, 4, 4, 4],
        "four_v": [0, 1, 2, 2, 2, 3, 3, 4],
        "three_v": [0, 1, 2, 2, 2, 3, 3, 3],
        "hpnet_four": [0, 1, 2, 2, 2, 3, 4, 4],
        "seven": [*range(8)],
    },
    "png4": {"three_v": [0, 1, 2, 3, 3], "hpnet_four": [0, 1, 2, 3, 4]},
    "pascal": {
        "four": [0, 1, 3, 2, 2, 4, 4],
        "three_v": [0, 1, 2, 2, 2, 3, 3],
        "hpnet_four": [0, 1, 2, 2, 2, 3, 4],
    },
    # 1 hat, hair, glove, sunglasses, 5 upper clothes, dress, coat, socks,
    # pants, 10 jumpsuit, scarf, skirt, face, 14 arms, 16 legs, 18 shoes.
    "lip": {
        "five": [0, 1, 1, 2, 1, 3, 3, 3, 5, 4, 3, 3, 4, 1, 2, 2, 4, 4, 5, 5],
        "lip_five": [
            *(0, 1, 1, 2, 1, 3, 3, 3, 5, 4),
            *(3, 3, 4, 1, 2, 2, 4, 4, 5, 5),
        ],
        "four": [0, 1, 1, 2, 1, 3, 3, 3, 4, 4, 3, 3, 4, 1, 2, 2, 4, 4, 4, 4],
        "four_v": [0, 1, 1, 2, 1, 2, 2, 2, 4, 3, 2, 2, 3, 1, 2, 2, 3, 3, 4, 4],
        "three_v": [
            *(0, 1, 1, 2, 1, 2, 2, 2, 3, 3),
            *(2, 2, 3, 1, 2, 2, 3, 3, 3, 3),
        ],
        "hpnet_four": [
            *(0, 1, 1, 2, 1, 2, 2, 2, 4, 3),
            *(2, 2, 3, 1, 2, 2, 3, 3, 4, 4),
        ],
    },
    # 1 hat, hair, sunglasses, 4 upper clothes, skirt, pants, dress, belt,
    # 9 shoes, 11 face, 12 legs, 14 arms, 16 bag, scarf.
    "atr": {
        "five": [0, 1, 1, 1, 3, 4, 4, 3, 3, 5, 5, 1, 4, 4, 2, 2, 0, 3],
        "atr_five": [0, 1, 1, 1, 3, 4, 4, 3, 3, 5, 5, 1, 4, 4, 2, 2, 0, 3],
        "four": [0, 1, 1, 1, 3, 4, 4, 3, 3, 4, 4, 1, 4, 4, 2, 2, 0, 3],
        "four_v": [0, 1, 1, 1, 2, 3, 3, 2, 2, 4, 4, 1, 3, 3, 2, 2, 0, 2],
        "three_v": [0, 1, 1, 1, 2, 3, 3, 2, 2, 3, 3, 1, 3, 3, 2, 2, 0, 2],
        "hpnet_four": [0, 1, 1, 1, 2, 3, 3, 2, 2, 4, 4, 1, 3, 3, 2, 2, 0, 2],
    },
}
# By hand from the table of DensePose: the annotators' part of each surface.
PART_OF_SURFACE = [0, 1, 1, 2, 3, 4, 5, 6, 7, 6, 7, 8, 9, 8, 9]
PART_OF_SURFACE += [10, 11, 10, 11, 12, 13, 12, 13, 14, 14]
CASES = [(f, schema) for f, schemas in PARTS.items() for schema in schemas]


def part_of_each_label(label_format, schema):
    lookup = PartLookup(label_format, part_schema(schema))
    labels = np.arange(lookup.highest + 1, dtype="uint8")
    # A label a row of its own image, whose first row is its upper half.
    return [int(lookup(np.array([[x]], "uint8"))[0, 0]) for x in labels]


@pytest.mark.parametrize(("label_format", "schema"), CASES)
def test_every_source_label(label_format, schema):
    assert (
        part_of_each_label(label_format, schema) == PARTS[label_format][schema]
    )


@pytest.mark.parametrize("schema", PARTS["densepose14"])
def test_the_24_surfaces_agree_with_the_14_parts(schema):
    parts = PARTS["densepose14"][schema]
    expected = [parts[part] for part in PART_OF_SURFACE]
    assert part_of_each_label("densepose24", schema) == expected


def test_nothing_else_is_offered():
    for name, schema in PART_SCHEMAS.items():
        formats = {f for f, schemas in PARTS.items() if name in schemas}
        if "densepose14" in formats:
            formats.add("densepose24")
        assert set(schema.groups) - {"pifpaf36"} == formats, name


@pytest.mark.parametrize("label_format", ["lip", "atr"])
def test_both_parts_of_a_leg(label_format):
    schema = PART_SCHEMAS["hpnet_four"]
    for label in schema.halved[label_format]:
        assert label in schema.groups[label_format][2]
        assert label in schema.groups[label_format][3]
    assert set(PART_SCHEMAS) - {
        name for name, schema in PART_SCHEMAS.items() if not schema.halved
    } == {"hpnet_four"}


def test_fourteen_to_seven_to_four():
    """`datasets.md` 4.5: both ways to HPNet's parts agree."""
    seven = part_of_each_label("densepose14", "seven")
    four = part_of_each_label("png7", "hpnet_four")
    direct = part_of_each_label("densepose14", "hpnet_four")
    assert [four[part] for part in seven] == direct
    assert min(direct[1:]) == 1


@pytest.mark.parametrize(
    ("schema", "part"),
    [("atr_five", 3), ("five", 3), ("hpnet_four", 2), ("four_v", 2)],
)
def test_a_bag_is_torso_if_asked(schema, part):
    with_bag = part_schema(schema, bag_is_torso=True)
    parts = part_of_each_label("atr", with_bag)
    assert parts[16] == part
    parts[16] = 0
    assert parts == PARTS["atr"][schema]
    assert 16 not in sum(PART_SCHEMAS[schema].groups["atr"], ())
    others = set(with_bag.groups) - {"atr"}
    assert all(
        with_bag.groups[name] == PART_SCHEMAS[schema].groups[name]
        for name in others
    )
    assert part_schema(with_bag) is with_bag


def test_wrong_names():
    with pytest.raises(ValueError, match=r"`part_schema` is one of .*'nine'"):
        part_schema("nine")
    with pytest.raises(ValueError, match=r"'lip_five' is made from lip"):
        part_schema("lip_five", bag_is_torso=True)


@pytest.mark.parametrize("name", LABEL_FORMATS)
def test_formats_are_named_as_they_are_listed(name):
    assert LABEL_FORMATS[name].name == name

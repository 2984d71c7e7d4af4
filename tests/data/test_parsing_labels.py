import numpy as np
import pytest

from keras_drop import PART_SCHEMAS, PartSchema
from keras_drop.data import ParsingLabels, Transform, random_transform
from keras_drop.data.parsing_labels import soften
from tests.data.test_transforms import as_reference
from tests.reference import training_transforms as slow

pytestmark = pytest.mark.backend_neutral


def draw(seed, size):
    return random_transform(
        size, ("rf", "rc", "re"), np.random.default_rng(seed)
    )


def make_fields(seed, height=17, width=9):
    rng = np.random.default_rng(seed)
    fields = rng.random((height, width, 36), "float32") ** 8
    return fields.astype("float32")


def channel(number, value):
    fields = np.zeros((3, 3, 36), "float32")
    fields[..., number] = value
    return fields


@pytest.mark.parametrize("schema", ["eight", "five_v", "six_new"])
@pytest.mark.parametrize("seed", range(5))
def test_fields_match_the_literal_order(schema, seed):
    labels, fields = ParsingLabels("pifpaf36", schema), make_fields(seed)
    size = 48, 32
    transform = draw(seed, size)
    flip, crop, _, hole = as_reference(transform)
    schema = PART_SCHEMAS[schema]
    expected = slow.transform_fields(
        fields,
        size,
        flip,
        crop,
        hole,
        schema.groups["pifpaf36"],
        schema.swapped_parts,
    )
    actual = labels.sample(labels.group(fields), transform)
    assert actual.shape == (12, 8, schema.num_parts + 1)
    np.testing.assert_allclose(actual, expected, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("schema", ["eight", "five", "hpnet_four"])
@pytest.mark.parametrize("seed", range(5))
def test_part_ids_match_the_literal_order(schema, seed):
    labels = ParsingLabels("densepose14", schema)
    rng = np.random.default_rng(seed)
    ids = rng.integers(0, 15, (45, 21)).astype("uint8")
    size = 64, 32
    transform = draw(seed, size)
    flip, crop, _, hole = as_reference(transform)
    schema = PART_SCHEMAS[schema]
    expected = slow.transform_part_ids(
        ids,
        size,
        flip,
        crop,
        hole,
        schema.groups["densepose14"],
        schema.swapped_parts,
    )
    actual = labels.sample(labels.group(ids), transform)
    assert actual.dtype == "float32"
    np.testing.assert_array_equal(actual, expected)


def test_soft_label_by_hand():
    np.testing.assert_allclose(
        soften(np.array([[1.0, 0.2], [0.3, 0.2]])),
        [[0.0, 0.999994, 0.000006], [0.999966, 0.000028, 0.000006]],
        atol=6e-7,
    )


@pytest.mark.parametrize(
    ("number", "value", "part"),
    [(21, 0.9, 4), (15, 0.4, 0), (15, 0.6, 7), (16, 1.0, 8), (35, 0.7, 1)],
)
def test_grouping_eight(number, value, part):
    soft = ParsingLabels("pifpaf36", "eight").group(channel(number, value))
    assert (soft.argmax(-1) == part).all()
    np.testing.assert_allclose(soft.sum(-1), 1.0, rtol=1e-6)


def test_a_shared_channel_counts_for_both_parts():
    soft = ParsingLabels("pifpaf36", "eight").group(channel(21, 0.9))
    np.testing.assert_array_equal(soft[..., 4], soft[..., 5])
    rest = np.delete(soft, [4, 5], axis=-1)
    assert rest.max() < 1e-5


GROUPS = {
    "eight": {
        1: [14],
        2: [3, 10, 12],
        3: [2, 11, 13],
        4: [1],
        5: [7, 9],
        6: [6, 8],
        7: [4],
        8: [5],
    },
    "five": {
        1: [14],
        2: [2, 3, 10, 11, 12, 13],
        3: [1],
        4: [6, 7, 8, 9],
        5: [4, 5],
    },
    "five_v": {
        1: [14],
        2: [1, 10, 11],
        3: [2, 3, 12, 13],
        4: [6, 7, 8, 9],
        5: [4, 5],
    },
    "four": {
        1: [14],
        2: [2, 3, 10, 11, 12, 13],
        3: [1],
        4: [4, 5, 6, 7, 8, 9],
    },
    "six_new": {
        1: [14],
        2: [1],
        3: [3, 10, 12],
        4: [2, 11, 13],
        5: [6, 7, 8, 9],
        6: [4, 5],
    },
    "hpnet_four": {
        1: [14],
        2: [1, 2, 3, 10, 11, 12, 13],
        3: [6, 7],
        4: [4, 5, 8, 9],
    },
}


@pytest.mark.parametrize("schema", GROUPS)
def test_grouping_of_the_fourteen_parts(schema):
    ids = np.arange(15, dtype="uint8")[None]
    numbers = ParsingLabels("densepose14", schema).group(ids)[0]
    expected = np.zeros(15, int)
    for part, group in GROUPS[schema].items():
        for source in group:
            assert expected[source] == 0, "one part each"
            expected[source] = part
    assert (expected[1:] > 0).all()
    np.testing.assert_array_equal(numbers, expected)
    np.testing.assert_array_equal(ids[0], np.arange(15))  # not in place


def test_flip_swaps_left_and_right():
    labels = ParsingLabels("densepose14", "eight")
    # The left upper arm (10) on the right of the image, the head in between.
    ids = np.zeros((8, 12), "uint8")
    ids[:, :4], ids[:, 4:8], ids[:, 8:] = 11, 14, 10
    plain = labels.sample(labels.group(ids), Transform((8, 12)))
    assert plain[0].argmax(-1).tolist() == [3, 1, 2]
    flipped = labels.sample(labels.group(ids), Transform((8, 12), flip=True))
    assert flipped[0].argmax(-1).tolist() == [3, 1, 2]
    kept = ParsingLabels("densepose14", "eight", flip_swap_parts=False)
    flipped = kept.sample(labels.group(ids), Transform((8, 12), flip=True))
    assert flipped[0].argmax(-1).tolist() == [2, 1, 3]


@pytest.mark.parametrize("label_format", ["pifpaf36", "densepose14"])
def test_the_hole_is_background_and_the_rest_stays(label_format):
    labels = ParsingLabels(label_format, "eight")
    if label_format == "pifpaf36":
        label = make_fields(3)
    else:
        label = np.random.default_rng(3).integers(1, 15, (40, 24), "uint8")
    grouped = labels.group(label)
    whole = labels.sample(grouped, Transform((64, 32)))
    holed = labels.sample(grouped, Transform((64, 32), hole=(8, 4, 24, 16)))
    inside = np.zeros((16, 8), bool)
    inside[2:8, 1:5] = True
    assert (holed[inside].argmax(-1) == 0).all()
    assert (whole[inside].argmax(-1) != 0).any()
    np.testing.assert_array_equal(holed[~inside], whole[~inside])


def test_overlap_of_hard_labels_goes_to_the_first_part():
    schema = PartSchema(
        "two", ("upper", "lower"), {"densepose14": ((1, 14), (1, 6))}
    )
    numbers = ParsingLabels("densepose14", schema).group(
        np.array([[0, 1, 6, 14, 5]], "uint8")
    )
    assert numbers[0].tolist() == [0, 1, 2, 1, 0]


@pytest.mark.parametrize(
    ("label_format", "schema", "message"),
    [
        ("png7", "eight", "'png7'. Known: pifpaf36, densepose14"),
        ("pifpaf36", "hpnet_four", "cannot be made from 'pifpaf36'.*dense"),
        ("pifpaf36", "nine", "Unknown part schema 'nine'"),
    ],
)
def test_wrong_arguments(label_format, schema, message):
    with pytest.raises(ValueError, match=message):
        ParsingLabels(label_format, schema)

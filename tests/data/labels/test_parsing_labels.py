import cv2
import numpy as np
import pytest
from PIL import Image

from keras_drop import PART_SCHEMAS, PartSchema
from keras_drop.data import ParsingLabels, Transform, random_transform
from keras_drop.data.labels.soften import soften
from keras_drop.datasets import LABEL_FORMATS
from tests.data.transforms.test_random_transform import as_reference
from tests.reference import training_transforms as slow

pytestmark = pytest.mark.backend_neutral


def draw(seed, size):
    return random_transform(
        size, ("flip", "crop", "erase"), np.random.default_rng(seed)
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


@pytest.mark.parametrize(
    ("label_format", "schema"),
    [
        ("densepose14", "eight"),
        ("densepose14", "hpnet_four"),
        ("densepose24", "fourteen"),
        ("png7", "five"),
        ("png4", "hpnet_four"),
        ("pascal", "four"),
        ("lip", "lip_five"),
        ("atr", "atr_five"),
    ],
)
@pytest.mark.parametrize("seed", range(3))
def test_part_ids_match_the_literal_order(label_format, schema, seed):
    labels = ParsingLabels(label_format, schema)
    rng = np.random.default_rng(seed)
    highest = LABEL_FORMATS[label_format].highest
    ids = rng.integers(0, highest + 1, (45, 21)).astype("uint8")
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
        schema.groups[label_format],
        schema.swapped_parts,
    )
    actual = labels.sample(labels.group(ids), transform)
    assert actual.dtype == "float32"
    np.testing.assert_array_equal(actual, expected)
    pixels = labels.pixels(labels.group(ids), transform)
    assert pixels.dtype == "uint8"
    np.testing.assert_array_equal(pixels[2::4, 2::4], expected.argmax(-1))


def release(numbers, transform):
    """BPBReID's way: all of it at the size of the image, then every fourth."""
    height, width = transform.size
    whole = cv2.resize(
        numbers, (width, height), interpolation=cv2.INTER_NEAREST
    )
    if transform.flip:
        whole = whole[:, ::-1]
    shifted = np.zeros_like(whole)
    for row in range(height):
        for column in range(width):
            y, x = row + transform.shift[0], column + transform.shift[1]
            if 0 <= y < height and 0 <= x < width:
                shifted[row, column] = whole[y, x]
    if transform.hole:
        top, left, rows, columns = transform.hole
        shifted[top : top + rows, left : left + columns] = 0
    return shifted[::4, ::4]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("size", [(17, 9), (544, 186), (45, 21)])
def test_the_double_floor_of_the_release(size, seed):
    labels = ParsingLabels(
        "png7", "seven", flip_swap_parts=False, label_reduction="release"
    )
    ids = np.random.default_rng(seed).integers(0, 8, size).astype("uint8")
    grouped = labels.group(ids)
    transform = draw(seed, (384, 128))
    np.testing.assert_array_equal(
        labels.sample(grouped, transform).argmax(-1),
        release(grouped, transform),
    )
    hidden = np.random.default_rng(seed).random((384, 128)) < 0.5
    np.testing.assert_array_equal(
        labels.sample(grouped, transform, hidden).argmax(-1),
        np.where(hidden[::4, ::4], 0, release(grouped, transform)),
    )


def test_how_many_cells_the_release_moves():
    """10 of 96 rows and 5 of 32 columns, of fields of 17 x 9."""
    size, transform = (17, 9), Transform((384, 128))
    rows, columns, shown = transform.label_cells(size)
    moved, aside, also = transform.label_cells(size, double_floor=True)
    assert (rows != moved).sum() == 10
    assert (columns != aside).sum() == 5
    np.testing.assert_array_equal(shown, also)
    soft = {}
    for reduction in ("nearest", "release"):
        labels = ParsingLabels("pifpaf36", "five", label_reduction=reduction)
        fields = labels.group(make_fields(3))
        soft[reduction] = labels.sample(fields, transform)
    np.testing.assert_array_equal(
        soft["release"], fields[moved[:, None], aside]
    )
    assert (soft["nearest"] != soft["release"]).any()


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
        ("png9", "eight", r"`label_format` is one of 'pifpaf36', .*'png9'"),
        (
            "png7",
            "eight",
            "'eight' cannot be made from 'png7'.*and from custom",
        ),
        ("pifpaf36", "hpnet_four", "cannot be made from 'pifpaf36'.*dense"),
        ("pifpaf36", "nine", "`part_schema` is one of .*'nine'"),
    ],
)
def test_wrong_arguments(label_format, schema, message):
    with pytest.raises(ValueError, match=message):
        ParsingLabels(label_format, schema)


def test_wrong_reductions():
    with pytest.raises(
        ValueError, match=r"'nearest', 'area_max', 'release'; .*'mean'"
    ):
        ParsingLabels("densepose14", "five", label_reduction="mean")
    with pytest.raises(ValueError, match=r"for hard labels"):
        ParsingLabels("pifpaf36", "five", label_reduction="area_max")


def test_pixels_of_confidences_are_the_likeliest_parts():
    labels, fields = ParsingLabels("pifpaf36", "eight"), make_fields(1)
    grouped = labels.group(fields)
    transform = Transform((64, 32), flip=True, hole=(8, 4, 24, 16))
    pixels = labels.pixels(grouped, transform)
    cells = labels.sample(grouped, transform)
    np.testing.assert_array_equal(pixels[2::4, 2::4], cells.argmax(-1))
    assert not pixels[8:32, 4:20].any()


def test_area_max_keeps_a_thin_part():
    ids = np.zeros((64, 32), "uint8")
    ids[1] = 14
    image = Transform((32, 16))
    nearest = ParsingLabels("densepose14", "hpnet_four")
    assert not nearest.sample(nearest.group(ids), image)[..., 1:].any()
    keeping = ParsingLabels(
        "densepose14", "hpnet_four", label_reduction="area_max"
    )
    cells = keeping.sample(keeping.group(ids), image)
    assert cells.shape == (8, 4, 5)
    assert cells[0].tolist() == [[0, 1, 0, 0, 0]] * 4
    assert (cells[1:] == keeping.background).all()


def test_area_max_shares_a_cell_and_swaps_sides():
    ids = np.zeros((4, 8), "uint8")
    ids[0, 0], ids[3, 3], ids[1, 5] = 10, 14, 13
    labels = ParsingLabels("densepose14", "eight", label_reduction="area_max")
    plain = labels.sample(labels.group(ids), Transform((4, 8)))
    assert plain[0, 0].tolist() == [0, 0.5, 0.5, 0, 0, 0, 0, 0, 0]
    assert plain[0, 1].argmax() == 3
    flipped = labels.sample(labels.group(ids), Transform((4, 8), flip=True))
    assert flipped[0, 1].tolist() == [0, 0.5, 0, 0.5, 0, 0, 0, 0, 0]
    assert flipped[0, 0].argmax() == 2
    assert flipped.dtype == "float32"


@pytest.mark.parametrize(
    ("height", "expected"),
    [(8, [1, 1, 2, 2, 3, 3, 4, 4]), (6, [1, 1, 2, 3, 3, 4]), (2, [1, 3])],
)
def test_stripes(height, expected):
    labels = ParsingLabels("stripes", "stripes_4")
    assert not labels.has_files
    stripes = labels.read("", (height, 3))
    assert stripes.dtype == "uint8"
    assert stripes.tolist() == [[part] * 3 for part in expected]
    assert labels.group(stripes).tolist() == stripes.tolist()


def test_stripes_are_called_stripes():
    labels = ParsingLabels("stripes", "stripes_3")
    names = ("stripe_1", "stripe_2", "stripe_3")
    assert labels.part_schema.part_names == names
    for label_format, schema in (
        ("stripes", "five"),
        ("png7", "stripes_5"),
        ("custom", "stripes_5"),
    ):
        with pytest.raises(ValueError, match="'stripes' goes with 'stripes_5'"):
            ParsingLabels(label_format, schema)


def test_stripes_know_no_sides():
    labels = ParsingLabels("stripes", "stripes_8")
    stripes = labels.group(labels.read("", (64, 32)))
    plain = labels.sample(stripes, Transform((64, 32)))
    flipped = labels.sample(stripes, Transform((64, 32), flip=True))
    np.testing.assert_array_equal(plain, flipped)
    assert (plain.argmax(-1)[:, 0] == np.repeat(np.arange(1, 9), 2)).all()


def test_files_are_checked_against_their_format(tmp_path):
    path = tmp_path / "a.png"
    ids = np.full((6, 4), 7, "uint8")
    Image.fromarray(ids).save(path)
    for label_format, schema in (("png7", "five"), ("lip", "lip_five")):
        read = ParsingLabels(label_format, schema).read(path, (6, 4))
        np.testing.assert_array_equal(read, ids)
    for label_format, schema in (
        ("png4", "hpnet_four"),
        ("pascal", "four"),
        ("custom", "five"),
    ):
        highest = {"png4": 4, "pascal": 6, "custom": 5}[label_format]
        message = f"a.png has the value 7; .*{label_format}' have 0 to "
        with pytest.raises(ValueError, match=f"{message}{highest}"):
            ParsingLabels(label_format, schema).read(path, (6, 4))

import numpy as np
import pytest

from keras_drop import PartSchema, part_schema
from keras_drop.data.labels.part_lookup import PartLookup

pytestmark = pytest.mark.backend_neutral


def slow_halves(label, groups, halved):
    """The rule, pixel by pixel."""
    shown = [r for r, row in enumerate(label) if any(x in halved for x in row)]
    out = np.zeros(label.shape, int)
    for r, row in enumerate(label):
        for c, value in enumerate(row):
            parts = [k for k, group in enumerate(groups, 1) if value in group]
            if not parts:
                continue
            out[r, c] = parts[0]
            if value in halved:
                num_rows = shown[-1] - shown[0] + 1
                if r - shown[0] >= num_rows / 2:
                    out[r, c] = parts[1]
    return out


@pytest.mark.parametrize("label_format", ["lip", "atr"])
@pytest.mark.parametrize("seed", range(6))
def test_legs_are_halved(label_format, seed):
    schema = part_schema("hpnet_four")
    rng = np.random.default_rng(seed)
    lookup = PartLookup(label_format, schema)
    label = rng.integers(0, lookup.highest + 1, (40, 9)).astype("uint8")
    first, last = sorted(rng.integers(0, 41, 2))
    legs = np.isin(label, schema.halved[label_format])
    legs[first:last] = False
    label[legs] = 0
    before = label.copy()
    expected = slow_halves(
        label, schema.groups[label_format], schema.halved[label_format]
    )
    np.testing.assert_array_equal(lookup(label), expected)
    np.testing.assert_array_equal(label, before)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([9, 9, 9, 9], [3, 3, 4, 4]),
        ([9, 9, 9], [3, 3, 4]),
        ([9], [3]),
        # A bag in front of the legs does not make two of them.
        ([0, 9, 0, 0, 0, 9], [0, 3, 0, 0, 0, 4]),
        # Shorts above bare legs and shoes.
        ([5, 9, 9, 16, 16, 18], [2, 3, 3, 4, 4, 4]),
        ([5, 0, 18], [2, 0, 4]),
    ],
)
def test_halves_by_hand(rows, expected):
    label = np.array(rows, "uint8")[:, None]
    lookup = PartLookup("lip", part_schema("hpnet_four"))
    assert lookup(label)[:, 0].tolist() == expected


def test_the_map_is_not_applied_in_place():
    """5, 6, 7 gives 3, 4, 4; a chained map gives 2, 2, 2."""
    label = np.array([[5, 6, 7]], "uint8")
    lookup = PartLookup("png7", part_schema("hpnet_four"))
    assert lookup(label).tolist() == [[3, 4, 4]]
    assert label.tolist() == [[5, 6, 7]]


def test_custom_values():
    plain = PartLookup("custom", part_schema("five"))
    assert plain.highest == 5
    assert plain(np.arange(6, dtype="uint8")[None])[0].tolist() == [*range(6)]
    own = PartSchema("own", ("a", "b"), {"custom": ((200, 7), (255,))})
    lookup = PartLookup("custom", own)
    assert lookup.highest == 255
    label = np.array([[0, 7, 8, 200, 254, 255]], "uint8")
    assert lookup(label)[0].tolist() == [0, 1, 0, 1, 0, 2]

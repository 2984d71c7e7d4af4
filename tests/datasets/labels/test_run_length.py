import numpy as np
import pytest

from keras_drop.datasets.labels.run_length import decode_run_length
from tests.reference.run_length import compress, encode_counts

pytestmark = pytest.mark.backend_neutral


def masks():
    rng = np.random.default_rng(0)
    for size in ((1, 1), (7, 3), (256, 256)):
        yield rng.random(size) < 0.3
        yield np.zeros(size, bool)
        yield np.ones(size, bool)
    box = np.zeros((256, 256), bool)
    box[40:200, 17:90] = True
    box[220:221, 30:31] = True
    yield box


@pytest.mark.parametrize("mask", masks(), ids=lambda mask: str(mask.shape))
def test_round_trip(mask):
    counts = encode_counts(mask)
    for form in (counts, compress(counts), compress(counts).encode()):
        decoded = decode_run_length({"size": [*mask.shape], "counts": form})
        assert decoded.dtype == bool
        np.testing.assert_array_equal(decoded, mask)


@pytest.mark.parametrize(
    ("size", "counts", "expected"),
    [
        # As pycocotools 2.0 encodes them.
        ([3, 4], "5220O", [5, 2, 2, 2, 1]),
        ([256, 256], "0PPP2", [0, 65536]),
        ([20, 10], "c4:3:=@", [147, 10, 3, 20, 16, 4]),
    ],
)
def test_strings_of_the_original_encoder(size, counts, expected):
    decoded = decode_run_length({"size": size, "counts": counts})
    assert encode_counts(decoded) == expected


@pytest.mark.parametrize(
    ("mask", "message"),
    [
        ({"size": [2, 2], "counts": [1, 2]}, "2 x 2 pixels are 3 pixels"),
        ({"size": [2, 2], "counts": [5, -1]}, "2 x 2 pixels are 4 pixels"),
        ({"size": [2, 2], "counts": "1 "}, "character ' ' is none"),
        ({"size": [2, 2], "counts": "Q"}, "string .* is cut off"),
        ({"size": [2**20] * 2, "counts": [2**40]}, "pixels is larger than"),
        ({"size": [2, 2], "counts": [1.5, 2.5]}, "are whole numbers"),
        ({"size": ["2", 2], "counts": [4]}, "are whole numbers"),
        ({"counts": [4]}, "has `size` and `counts`; this is"),
        ([1, 2], r"has `size` and `counts`; this is \[1, 2\]"),
    ],
)
def test_broken_masks(mask, message):
    with pytest.raises(ValueError, match=message):
        decode_run_length(mask)

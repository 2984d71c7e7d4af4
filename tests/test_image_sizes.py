import numpy as np
import pytest

from keras_drop.image_sizes import checked_image_size

pytestmark = pytest.mark.backend_neutral


@pytest.mark.parametrize(
    "image_size", [(64, 32), [64, 32], np.array([64, 32]), (np.int64(64), 32)]
)
def test_two_whole_numbers(image_size):
    checked = checked_image_size(image_size, multiple=32)
    assert checked == (64, 32)
    assert [type(size) for size in checked] == [int, int]


@pytest.mark.parametrize(
    "image_size",
    [
        None,
        64,
        "64x32",
        (64,),
        (64, 32, 3),
        (0, 32),
        (-64, 32),
        (64.0, 32.0),
        ("64", "32"),
        (None, None),
        (True, True),
        ((64, 32), 3),
        np.array(64),
        np.array([[64, 32]]),
    ],
    ids=str,
)
def test_all_else_is_refused(image_size):
    with pytest.raises(ValueError, match="two whole numbers of 1 or more, rec"):
        checked_image_size(image_size)


def test_other_multiples_are_refused():
    with pytest.raises(ValueError, match=r"multiples of 32, received \(60, 32"):
        checked_image_size((60, 32), multiple=32)

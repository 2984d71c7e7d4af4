import numpy as np
import pytest

from keras_drop.evaluation import hidden_parts

pytestmark = pytest.mark.backend_neutral


def test_counts_what_is_below_the_threshold():
    visibility = np.random.default_rng(0).random((200, 4))
    groups = hidden_parts(visibility, threshold=0.3)
    assert list(groups)[:3] == [
        "no part hidden",
        "1 part hidden",
        "2 parts hidden",
    ]
    for image, row in enumerate(visibility):
        hidden = sum(value < 0.3 for value in row)
        mine = [name for name, images in groups.items() if images[image]]
        assert mine == [
            {0: "no part hidden", 1: "1 part hidden"}.get(
                hidden, f"{hidden} parts hidden"
            )
        ]


def test_groups_without_images_are_left_out():
    assert list(hidden_parts(np.zeros((2, 3), bool))) == ["3 parts hidden"]


@pytest.mark.parametrize(
    ("visibility", "threshold", "message"),
    [(np.ones(3), 0.5, "num_parts"), (np.ones((2, 3)), 1.5, "threshold")],
)
def test_what_makes_no_groups_is_refused(visibility, threshold, message):
    with pytest.raises(ValueError, match=message):
        hidden_parts(visibility, threshold)

import numpy as np
import pytest
from PIL import Image

from keras_drop.visualization import save_kept_share
from keras_drop.visualization.drawing import part_colours

pytestmark = pytest.mark.backend_neutral


def blue(path):
    picture = np.asarray(Image.open(path))
    return (picture == part_colours(2)[1]).all(axis=-1).sum(axis=1).max()


def test_bars_are_as_long_as_the_share(tmp_path):
    lengths = [
        blue(save_kept_share(tmp_path / "s.png", {"whole": (share, 0.0)}))
        for share in (0.25, 0.5, 1.0)
    ]
    np.testing.assert_allclose(
        np.array(lengths) / 420, [0.25, 0.5, 1], atol=0.01
    )


def test_a_bar_for_each_group(tmp_path):
    groups = {"whole": (0.6, 0.4), "occluded, by obstacles": (0.3, 0.2)}
    sizes = []
    for count in (1, 2):
        some = dict(list(groups.items())[:count])
        path = save_kept_share(tmp_path / "new" / "s.png", some, title="Share")
        sizes.append(Image.open(path).size)
    assert sizes[0][0] < sizes[1][0] and sizes[0][1] < sizes[1][1]


@pytest.mark.parametrize(
    "shares, message",
    [({}, "empty"), ({"whole": (61.0, 42.0)}, r"of whole are \(61.0, 42.0\)")],
)
def test_bad_input(tmp_path, shares, message):
    with pytest.raises(ValueError, match=message):
        save_kept_share(tmp_path / "s.png", shares)

import numpy as np
import pytest
from PIL import Image

from keras_drop.evaluation import Reliability
from keras_drop.visualization import save_reliability_diagram
from keras_drop.visualization.drawing import FAINT, RIGHT, WRONG
from keras_drop.visualization.reliability_diagram import _BAR

pytestmark = pytest.mark.backend_neutral


def reliability(probability, same, num_pairs):
    num_pairs = np.array(num_pairs)
    return Reliability(
        np.linspace(0, 1, len(num_pairs) + 1),
        num_pairs,
        num_pairs / max(num_pairs.sum(), 1),
        np.array(probability),
        np.array(same),
        0.5,
    )


def pixels(path):
    colours = Image.open(path).getcolors(10**6)
    counts = {colour: number for number, colour in colours}
    return [counts.get(colour, 0) for colour in (_BAR, WRONG)]


def test_bars_are_as_high_as_the_share_of_the_same(tmp_path):
    path = tmp_path / "new" / "diagram.png"
    found = [
        pixels(
            save_reliability_diagram(
                path, reliability([0.25, 0.75], [low, high], [10, 10])
            )
        )
        for low, high in ((0.1, 0.5), (0.2, 1.0))
    ]
    assert found[1][0] == pytest.approx(2 * found[0][0], rel=0.05)
    picture = np.asarray(Image.open(path))
    blue = (picture == _BAR).all(axis=2).any(axis=0).nonzero()[0]
    # Of two bins the bars fill the plot from left to right.
    assert blue[-1] - blue[0] == pytest.approx(360, abs=8)


def test_red_shows_how_wrong_probabilities_are(tmp_path):
    path = tmp_path / "a.png"
    right, wrong = (
        pixels(
            save_reliability_diagram(
                path, reliability([0.3, 0.8], same, [100, 10])
            )
        )[1]
        for same in ([0.3, 0.8], [0.9, 0.1])
    )
    assert wrong > right + 300
    colours = {c for _, c in Image.open(path).getcolors(10**6)}
    assert {RIGHT, WRONG, FAINT} <= colours


def test_empty_bins_are_left_out(tmp_path):
    nothing = float("nan")
    values = reliability([nothing, 0.8], [nothing, 0.9], [0, 7])
    path = save_reliability_diagram(tmp_path / "a.png", values, title="Mine")
    picture = np.asarray(Image.open(path))
    blue = (picture == _BAR).all(axis=2).any(axis=0).nonzero()[0]
    assert len(blue) == pytest.approx(180, abs=8)


def test_bad_input(tmp_path):
    empty = reliability([np.nan], [np.nan], [0])
    with pytest.raises(ValueError, match="no pair to draw"):
        save_reliability_diagram(tmp_path / "a.png", empty)
    with pytest.raises(ValueError, match="PNG files"):
        save_reliability_diagram(
            tmp_path / "a.jpg", reliability([0.1], [0.2], [3])
        )

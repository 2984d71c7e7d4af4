import numpy as np
import pytest

from keras_drop.data.occlusions import PartOcclusion, Scene
from tests.data.occlusions.banks import hide

pytestmark = pytest.mark.backend_neutral
HPNET_MEAN = np.array([0.486, 0.459, 0.408])


def make(seed=0, numbers=(0, 2, 3, 7)):
    rng = np.random.default_rng(seed)
    image = rng.uniform(0, 255, (24, 12, 3)).astype("float32")
    parts = rng.choice(np.array(numbers, "uint8"), (24, 12))
    return image, parts


def test_parts_vanish_from_image_and_label_and_nothing_else_changes():
    image, parts = make()
    stage = PartOcclusion(1.0, fill=tuple(255 * HPNET_MEAN))
    counts, chosen = [], set()
    for seed in range(200):
        scene = Scene(parts)
        occluded, hidden = hide(stage, image, seed, scene)
        gone = set(parts[hidden])
        assert gone <= {2, 3, 7}
        np.testing.assert_array_equal(hidden, np.isin(parts, list(gone)))
        normalised = (occluded / 255 - HPNET_MEAN) / (0.229, 0.224, 0.225)
        assert np.abs(normalised[hidden]).max() < 1e-5
        np.testing.assert_array_equal(occluded[~hidden], image[~hidden])
        assert set(np.unique(scene.without(hidden).parts)) == (
            {0, 2, 3, 7} - gone
        )
        counts.append(len(gone))
        chosen |= gone
    assert set(counts) == {1, 2}
    assert abs(np.mean(counts) - 1.5) < 0.1
    assert chosen == {2, 3, 7}


def test_one_part_is_all_that_can_go():
    image, parts = make(numbers=(0, 5))
    for seed in range(5):
        _, hidden = hide(PartOcclusion(1.0), image, seed, Scene(parts))
        np.testing.assert_array_equal(hidden, parts == 5)


@pytest.mark.parametrize("numbers", [(0,), None])
def test_nothing_to_hide(numbers):
    image, parts = make(numbers=numbers or (0, 1))
    scene = Scene(parts) if numbers else None
    occluded, hidden = hide(PartOcclusion(1.0), image, 0, scene)
    np.testing.assert_array_equal(occluded, image)
    assert not hidden.any()


def num_gone(stage, seed):
    image, parts = make()
    _, hidden = hide(stage, image, seed, Scene(parts))
    return len(set(parts[hidden]))


def test_probability_and_severity():
    counts = {
        severity: [
            num_gone(PartOcclusion(0.5).at(severity), s) for s in range(200)
        ]
        for severity in (1.0, 0.5, 0.0)
    }
    assert abs(np.mean(np.array(counts[1.0]) > 0) - 0.5) < 0.1
    # Of HPNet's four parts 0.5 * 1.5 / 4, the 19 % of its released code.
    assert abs(np.mean(counts[1.0]) / 4 - 0.1875) < 0.03
    assert set(counts[1.0]) == {0, 1, 2}
    assert set(counts[0.5]) == {0, 1}
    assert set(counts[0.0]) == {0}

import numpy as np
import pytest

from keras_drop.data.occlusions import PartOcclusion, Scene, occlude
from keras_drop.data.occlusions.stages.occlude import labelled_stages

pytestmark = pytest.mark.backend_neutral


def hide_rows(rows, value):
    def stage(image, rng, scene):
        hidden = np.zeros(image.shape[:2], bool)
        hidden[rows] = True
        image[rows] = value
        return hidden

    return stage


def test_stages_work_in_their_order():
    image = np.zeros((6, 4, 3), "float32")
    stages = hide_rows(slice(0, 3), 1), hide_rows(slice(2, 5), 2)
    occluded, hidden = occlude(image, stages, np.random.default_rng(0))
    assert occluded[:, 0, 0].tolist() == [1, 1, 2, 2, 2, 0]
    assert hidden[:, 0].tolist() == [True] * 5 + [False]
    assert occluded is image


def test_a_stage_is_told_what_is_left():
    parts = np.array([[1, 2], [3, 3]], "uint8")
    seen = []

    def look(image, rng, scene):
        seen.append((scene.parts.tolist(), scene.epoch))
        return np.zeros((2, 2), bool)

    image = np.zeros((2, 2, 3), "float32")
    stages = look, hide_rows(slice(0, 1), 9), look
    occlude(image, stages, np.random.default_rng(0), Scene(parts, epoch=4))
    assert seen == [([[1, 2], [3, 3]], 4), ([[0, 0], [3, 3]], 4)]


def test_without_stages_nothing_happens():
    image = np.ones((2, 2, 3), "float32")
    occluded, hidden = occlude(image, (), np.random.default_rng(0))
    np.testing.assert_array_equal(occluded, image)
    assert not hidden.any()


def test_labelled_stages():
    stages = hide_rows(slice(0, 1), 0), PartOcclusion()
    assert labelled_stages(stages) == ["PartOcclusion"]


def test_integers_are_refused():
    with pytest.raises(ValueError, match="float32; this one has uint8"):
        occlude(np.zeros((2, 2, 3), "uint8"), (), np.random.default_rng(0))

import keras
import numpy as np
import pytest

from keras_drop.models.base.reid_map import image_pyramid
from keras_drop.models.hpnet.part_stages import part_stages
from tests.models.small import (
    Pyramid,
    arrays,
    hrnet,
    images,
    randomise,
    resnet,
    weights,
)

PARTS = ("head", "torso", "legs")


def model_of_parts(backbone, share=False):
    inputs, stages = image_pyramid(backbone)
    return keras.Model(inputs, part_stages(backbone, stages, PARTS, share))


def test_all_start_from_the_weights_of_the_backbone():
    backbone = randomise(resnet())
    model, x = model_of_parts(backbone), images(2)
    own, *copies = arrays(model(x))
    assert own.shape == (2, 4, 2, 20) and np.ptp(own) > 0.1
    for copy in copies:
        np.testing.assert_array_equal(copy, own)
    assert len({v.path for v in model.variables}) == len(model.variables)
    assert {id(v) for v in backbone.variables} < {
        id(v) for v in model.variables
    }


def test_copies_are_their_own():
    backbone = randomise(resnet())
    model, x = model_of_parts(backbone), images(2)
    before = arrays(model(x))
    for variable in model.trainable_variables:
        if variable.path.startswith("legs_"):
            variable.assign(1.1 * arrays(variable))
    after = arrays(model(x))
    for part, old, new in zip(PARTS, before, after):
        assert (old != new).any() == (part == "legs")
    of_head = backbone.get_layer("stack3_block0_1_conv").kernel
    of_head.assign(0.5 * arrays(of_head))
    changed = [(a != b).any() for a, b in zip(after, arrays(model(x)))]
    assert changed == [True, False, False]


def test_shared_is_the_stage_of_the_backbone():
    backbone = resnet()
    model = model_of_parts(backbone, share=True)
    assert len({id(x) for x in model.outputs}) == 1
    assert set(weights(model)) == set(weights(backbone))


@pytest.mark.backend_neutral
@pytest.mark.parametrize("backbone", [hrnet, lambda: resnet(last_stride=2)])
@pytest.mark.parametrize("share", [False, True])
def test_refuses_a_last_stage_that_halves_the_map(backbone, share):
    with pytest.raises(ValueError, match=r"\(4, 2\) into one of \(2, 1\).*Res"):
        model_of_parts(backbone(), share)


@pytest.mark.backend_neutral
def test_refuses_a_last_stage_that_reads_more():
    backbone = Pyramid()
    pyramid = backbone.pyramid_outputs
    skip = keras.layers.MaxPooling2D(2)(pyramid["P3"])
    pyramid["P5"] = keras.layers.Concatenate()([pyramid["P5"], skip])
    with pytest.raises(ValueError, match=r"cannot be copied\. Use a ResNet"):
        model_of_parts(backbone)

import keras
import numpy as np
import pytest

from keras_drop.models import efficientnet_lite0, vit_small
from keras_drop.models.base.reid_map import image_pyramid, reid_map
from tests.models.small import Pyramid, arrays, hrnet, images, resnet
from tests.reference import maps


def stages_of(backbone):
    inputs, stages = image_pyramid(backbone)
    return inputs, stages, keras.Model(inputs, stages)


def test_images_are_normalised_as_for_imagenet():
    backbone = Pyramid()
    x = images(2)
    normalised = (x / 255 - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]
    pyramid = keras.Model(
        backbone.inputs,
        [backbone.pyramid_outputs[f"P{k}"] for k in (2, 3, 4, 5)],
    )
    expected = arrays(pyramid([normalised.astype("float32")]))
    assert np.abs(expected[0]).max() > 0.1
    for stage, values in zip(stages_of(backbone)[2](x), expected):
        np.testing.assert_allclose(arrays(stage), values, atol=1e-4)


def test_map_of_a_resnet_is_its_last_stage():
    backbone = resnet()
    _, stages, _ = stages_of(backbone)
    assert [tuple(stage.shape[1:3]) for stage in stages] == [
        (16, 8),
        (8, 4),
        (4, 2),
        (4, 2),
    ]
    for stride in (None, 16):
        assert reid_map(backbone, stages, stride) is stages[-1]
    with pytest.raises(ValueError, match=r"has stride 16; `reid_stride=32`"):
        reid_map(backbone, stages, 32)


@pytest.mark.parametrize("stride", [8, 4])
def test_finer_maps_of_a_resnet_are_resized(stride):
    backbone, x = Pyramid(), images(2)
    inputs, stages, pyramid = stages_of(backbone)
    found = arrays(keras.Model(inputs, reid_map(backbone, stages, stride))(x))
    rows, columns = (length // stride for length in backbone.image_shape[:2])
    expected = maps.resize(arrays(pyramid(x))[-1], (rows, columns), False)
    assert found.shape[1:3] == (rows, columns)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


def test_map_of_a_resnet_that_ends_at_stride_32():
    backbone = resnet(last_stride=2)
    _, stages, _ = stages_of(backbone)
    assert reid_map(backbone, stages) is stages[-1]
    with pytest.raises(ValueError, match=r"has stride 32; `reid_stride=16`"):
        reid_map(backbone, stages, 16)


@pytest.mark.backend_neutral
def test_the_advice_is_of_the_backbone():
    backbone = efficientnet_lite0((32, 32), last_stride=2)
    _, stages = image_pyramid(backbone)
    with pytest.raises(
        ValueError, match=r"`reid_map\.stride`.*`last_stride=1`"
    ):
        reid_map(backbone, stages, 8)
    for stride in (8.0, "8", True):
        with pytest.raises(
            ValueError, match=r"`reid_stride` is .*whole number"
        ):
            reid_map(backbone, stages, stride)


@pytest.mark.slow
@pytest.mark.backend_neutral
def test_map_of_an_hrnet_at_every_stride():
    backbone = hrnet()
    inputs, stages, pyramid = stages_of(backbone)
    x = images(1)
    s1, s2, s3, s4 = arrays(pyramid(x))
    assert [s.shape[1:3] for s in (s1, s2, s3, s4)] == [
        (16, 8),
        (8, 4),
        (4, 2),
        (2, 1),
    ]
    mean, resize = maps.mean_of_blocks, maps.resize
    expected = {
        16: [mean(s1, 4), mean(s2, 2), s3, resize(s4, (4, 2), False)],
        8: [mean(s1, 2), s2, resize(s3, (8, 4), False)]
        + [resize(s4, (8, 4), False)],
        4: [s1] + [resize(s, (16, 8), True) for s in (s2, s3, s4)],
    }
    found = {
        stride: arrays(
            keras.Model(inputs, reid_map(backbone, stages, stride))(x)
        )
        for stride in (16, 8, 4, None)
    }
    np.testing.assert_array_equal(found[None], found[4])
    for stride, blocks in expected.items():
        np.testing.assert_allclose(
            found[stride],
            np.concatenate(blocks, axis=-1),
            rtol=1e-4,
            atol=1e-5,
        )


@pytest.mark.backend_neutral
def test_refuses_backbones_it_cannot_read():
    with pytest.raises(ValueError, match="build it for one size"):
        image_pyramid(Pyramid(image_shape=(None, None, 3)))
    short = Pyramid()
    del short.pyramid_outputs["P2"]
    with pytest.raises(ValueError, match="has no P2"):
        image_pyramid(short)
    message = r"vit_small has no P2, P3, P4, P5\. .*such as .*hrnet_w32"
    with pytest.raises(ValueError, match=message):
        image_pyramid(vit_small((32, 16), name="vit_small"))


def test_images_are_normalised_as_asked():
    backbone, x = Pyramid(), images(2)
    inputs, stages = image_pyramid(backbone, 0.4, deviation=(0.5, 0.2, 0.1))
    pyramid = keras.Model(backbone.inputs, backbone.pyramid_outputs["P5"])
    given = ((x / 255 - 0.4) / [0.5, 0.2, 0.1]).astype("float32")
    np.testing.assert_allclose(
        arrays(keras.Model(inputs, stages[-1])(x)),
        arrays(pyramid([given])),
        atol=1e-4,
    )

import keras
import numpy as np
import pytest

import keras_drop as kd
from keras_drop.models import BACKBONES, part_segmenter
from keras_drop.models.segmentation.stride_pyramid import StridePyramid
from tests.models.small import resnet
from tests.testing import SLOW_NIGHTLY_ON_JAX

neutral = pytest.mark.backend_neutral

SIZE = 64, 32


def make_images(count=2):
    return np.random.default_rng(0).uniform(0, 255, (count, *SIZE, 3))


@pytest.mark.slow
@neutral
@pytest.mark.parametrize(
    ("backbone", "names"),
    [
        ("resnet18", ["P2", "P3", "P4"]),
        ("resnet50", ["P2", "P3", "P4"]),
        ("hrnet_w18_small", ["P2", "P3", "P4", "P5"]),
    ],
)
def test_maps_have_the_names_of_their_strides(backbone, names):
    pyramid = StridePyramid(BACKBONES[backbone](SIZE))
    maps = pyramid.pyramid_outputs
    assert list(maps) == names
    for name, x in maps.items():
        assert x.shape[1] == SIZE[0] // 2 ** int(name[1])
    last = pyramid.backbone.pyramid_outputs["P5"]
    assert maps[names[-1]].shape == last.shape
    segmenter = part_segmenter(BACKBONES[backbone](SIZE), 4)
    assert segmenter.output_shape == (None, *SIZE, 5)


@neutral
def test_the_pyramid_normalises():
    backbone = BACKBONES["resnet18"](SIZE)
    images = make_images(1).astype("float32")
    mean, deviation = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
    last = keras.Model(backbone.input, backbone.pyramid_outputs["P5"])
    expected = last(((images / 255 - mean) / deviation).astype("float32"))
    actual = StridePyramid(backbone)(images)[-1]
    np.testing.assert_allclose(
        keras.ops.convert_to_numpy(actual),
        keras.ops.convert_to_numpy(expected),
        rtol=1e-4,
        atol=1e-4,
    )


@SLOW_NIGHTLY_ON_JAX
def test_learns_saves_and_loads(tmp_path):
    segmenter = part_segmenter(resnet(SIZE), 3)
    segmenter.compile(
        keras.optimizers.Adam(1e-2),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        jit_compile=kd.backend.default_jit_compile(),
    )
    before = [
        keras.ops.convert_to_numpy(variable).copy()
        for variable in segmenter.trainable_variables
    ]
    labels = np.random.default_rng(1).integers(0, 4, (2, *SIZE))
    segmenter.fit(make_images(), labels.astype("int32"), verbose=0)
    for variable, old in zip(segmenter.trainable_variables, before):
        new = keras.ops.convert_to_numpy(variable)
        assert (new != old).any(), variable.path
    segmenter.save(tmp_path / "segmenter.keras")
    revived = kd.load_model(tmp_path / "segmenter.keras")
    images = make_images().astype("float32")
    a, b = (model.predict(images, verbose=0) for model in (segmenter, revived))
    assert a.shape == (2, *SIZE, 4)
    np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)

import keras
import numpy as np
import pytest
import torch

from keras_drop.models import (
    DROP,
    BPBReID,
    HPNet,
    efficientnet_lite0,
    load_checkpoint,
    load_weights,
)
from keras_drop.models.backbones import (
    PACKAGED_WEIGHTS,
    EfficientNetLiteBackbone,
)
from keras_drop.models.backbones.efficientnet_lite_backbone import (
    LITE0_STAGES,
)
from tests.reference import efficientnet_lite
from tests.testing import SLOW_NIGHTLY_ON_JAX, assert_round_trip

EGYPTIAN_CAT, ESPRESSO = 285, 967


@SLOW_NIGHTLY_ON_JAX
@pytest.mark.parametrize("last_stride", [1, 2])
def test_a_file_gives_the_features_of_the_original(tmp_path, last_stride):
    arrays = efficientnet_lite.random_file()
    classifier = {"_fc.weight": torch.zeros(5, 1280)}
    torch.save({**arrays, **classifier}, tmp_path / "lite0.pth")
    backbone = efficientnet_lite0((64, 32), last_stride)
    load_checkpoint(backbone, tmp_path / "lite0.pth")
    images = np.random.default_rng(0).normal(size=(2, 64, 32, 3))
    images = images.astype("float32")
    outputs = backbone(images)
    expected = efficientnet_lite.features(
        arrays, torch.tensor(images.transpose(0, 3, 1, 2)), last_stride
    )
    assert outputs.keys() == expected.keys()
    for name, features in expected.items():
        actual = keras.ops.convert_to_numpy(outputs[name])
        np.testing.assert_allclose(
            actual,
            features.numpy().transpose(0, 2, 3, 1),
            rtol=1e-3,
            atol=1e-4,
            err_msg=name,
        )


@pytest.mark.backend_neutral
def test_shapes_and_parameters():
    backbone = efficientnet_lite0((256, 128))
    shapes = {n: x.shape[1:] for n, x in backbone.pyramid_outputs.items()}
    assert shapes == {
        "P2": (64, 32, 24),
        "P3": (32, 16, 40),
        "P4": (16, 8, 112),
        "P5": (16, 8, 1280),
    }
    trained = sum(np.prod(w.shape) for w in backbone.trainable_weights)
    assert trained == 3_371_008
    published = efficientnet_lite0((256, 128), last_stride=2)
    assert published.pyramid_outputs["P5"].shape[1:] == (8, 4, 1280)


@pytest.mark.backend_neutral
def test_round_trip():
    assert_round_trip(
        EfficientNetLiteBackbone,
        stages=((1, 3, 1, 4, 1), (2, 3, 2, 6, 1), (2, 5, 2, 8, 2))
        + ((2, 3, 2, 8, 1), (2, 5, 1, 8, 1), (2, 5, 2, 8, 1)),
        last_stride=2,
        head_channels=16,
        image_shape=(64, 32, 3),
        name="mine",
    )


@pytest.mark.backend_neutral
@pytest.mark.parametrize(
    "wrong",
    [
        {"image_shape": (60, 32, 3)},
        {"image_shape": (None, None, 3)},
        {"image_shape": (64, 32, 1)},
        {"image_shape": (64, 32)},
        {"stages": LITE0_STAGES[:4]},
        {"stages": ((1, 3, 1, 16, 1),) * 5},
        {"last_stride": 3},
    ],
    ids=str,
)
def test_refuses_what_it_cannot_be(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        EfficientNetLiteBackbone(**wrong)


@pytest.mark.backend_neutral
@pytest.mark.parametrize("cls", [DROP, BPBReID, HPNet])
def test_models_normalise_as_its_weights_were_trained(cls):
    model = cls(efficientnet_lite0((64, 32)), 3)
    pixels = np.array([[[[0.0, 127.0, 255.0]]]], "float32")
    normalised = model.get_layer("normalised")(pixels)
    np.testing.assert_allclose(
        keras.ops.convert_to_numpy(normalised),
        [[[[-127 / 128, 0, 1]]]],
        atol=1e-6,
    )


@pytest.mark.backend_neutral
def test_photographs_get_their_imagenet_class():
    """The real weights, on photographs that scikit-image carries.

    Their logits equal those of the original.
    """
    data = pytest.importorskip("skimage.data")
    name = "efficientnet_lite0_imagenet"
    try:
        path = PACKAGED_WEIGHTS[name].path()
    except FileNotFoundError as error:
        pytest.skip(str(error))
    backbone = efficientnet_lite0((224, 224), last_stride=2)
    assert "Apache-2.0" in load_weights(backbone, name)
    file = torch.load(path, weights_only=True)
    for photograph, label in (
        (data.chelsea(), EGYPTIAN_CAT),
        (data.coffee(), ESPRESSO),
    ):
        side = min(photograph.shape[:2])
        top, left = ((n - side) // 2 for n in photograph.shape[:2])
        square = photograph[top : top + side, left : left + side]
        images = keras.ops.image.resize(
            square[None].astype("float32"),
            (224, 224),
            "bicubic",
            antialias=True,
        )
        images = keras.ops.convert_to_numpy((images - 127) / 128)
        ours = keras.ops.convert_to_numpy(backbone(images)["P5"])
        theirs = efficientnet_lite.features(
            file, torch.tensor(images.transpose(0, 3, 1, 2)), 2
        )["P5"].numpy()
        logits, original = (
            pooled @ file["_fc.weight"].numpy().T + file["_fc.bias"].numpy()
            for pooled in (ours.mean((1, 2)), theirs.mean((2, 3)))
        )
        assert logits.argmax() == label
        np.testing.assert_allclose(logits, original, rtol=0, atol=1e-4)

import pytest

from keras_drop.models import BACKBONES
from keras_drop.training import BackboneSettings

pytestmark = pytest.mark.backend_neutral

SMALL = {"backbone": "vit_small", "arguments": {"patch_size": 8}}


def test_arguments_of_a_backbone():
    settings = BackboneSettings(
        "vit_small", {"patch_size": "8", "patch_stride": 4}
    )
    backbone = settings.build((32, 16), num_cameras=3)
    assert backbone.token_grid == (7, 3)
    assert backbone.num_cameras == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"backbone": "vit_smal"}, "Did you mean 'vit_small'"),
        ({"arguments": {"patch_sise": 8}}, "Did you mean 'patch_size'"),
        ({"arguments": {"patch_size": "big"}}, "`patch_size` is 'big'"),
        (
            {"backbone": "resnet18", "camera_embedding": True},
            "resnet18 does not tell cameras apart",
        ),
        ({"freeze_stages": -1}, "`freeze_stages` is -1"),
        ({"freeze_stages": 1.5}, "1.5; it is a whole number"),
        ({"freeze_stages": True}, "True; it "),
        ({"weights": ""}, "`weights` is an empty text"),
        ({"thaw_epochs": (3,)}, r"are \(3,\), but `freeze_stages` is 0"),
        ({"freeze_stages": 2, "thaw_epochs": (0, 1)}, r"`epochs` are \(0, 1"),
        ({"freeze_stages": 3, "thaw_epochs": (1, 2)}, "as many epochs as"),
    ],
)
def test_mistakes_of_a_backbone_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        BackboneSettings(**{"backbone": "vit_small", **arguments})


def test_freezes_the_first_stages():
    backbone = BackboneSettings(freeze_stages=3, **SMALL).build((32, 16))
    learning = {
        layer.name for layer in backbone.layers if layer.trainable_weights
    }
    assert "norm" in learning and "blocks-3-norm1" in learning
    assert not any(name.startswith(("patch", "blocks-2")) for name in learning)


@pytest.mark.parametrize("backbone", ["vit_small", "resnet18"])
def test_more_frozen_stages_than_there_are_are_refused(backbone):
    with pytest.raises(ValueError, match="has 4 stages, of which 5"):
        BackboneSettings(backbone, freeze_stages=5).check()


def test_frozen_stages_without_weights_are_refused(monkeypatch):
    settings = BackboneSettings(freeze_stages=2, **SMALL)
    with pytest.raises(ValueError, match="there are no `weights`: the first"):
        settings.check((32, 16))
    BackboneSettings(**SMALL).check((32, 16))
    # One of a user may bring its own.
    build = BACKBONES["vit_small"]

    def vit_of_mine(image_size):
        return build(image_size)

    monkeypatch.setitem(BACKBONES, "vit_of_mine", vit_of_mine)
    BackboneSettings("vit_of_mine", freeze_stages=2).check((32, 16))


@pytest.mark.parametrize("image_size", [(100, 50), (8, 8)])
def test_a_size_that_the_backbone_does_not_take(image_size):
    with pytest.raises(ValueError, match=r"image_s.*received"):
        BackboneSettings(
            "resnet18" if image_size == (100, 50) else "vit_small"
        ).check(image_size)


def test_a_file_that_holds_no_weights(tmp_path):
    (tmp_path / "no.pth").write_text("hello")
    with pytest.raises(ValueError, match=r"no\.pth, which is no file of weigh"):
        BackboneSettings(weights=str(tmp_path / "no.pth")).check()


def test_weights_of_another_backbone_name_both():
    with pytest.raises(
        ValueError, match="of the backbone efficientnet_lite0; "
    ):
        BackboneSettings(weights="efficientnet_lite0_imagenet").check()

import pytest

from keras_drop.training import BackboneSettings

pytestmark = pytest.mark.backend_neutral


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
    ],
)
def test_mistakes_of_a_backbone_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        BackboneSettings(**{"backbone": "vit_small", **arguments})

import math

import pytest

from keras_drop.models import vit_b16, vit_small
from keras_drop.models.backbones import ViTBackbone

pytestmark = pytest.mark.backend_neutral


def num_parameters(layers):
    return sum(math.prod(v.shape) for x in layers for v in x.weights)


@pytest.mark.slow
def test_b16_is_that_of_the_papers():
    backbone = vit_b16((256, 128))
    assert isinstance(backbone, ViTBackbone)
    assert backbone.token_grid == (16, 8)
    assert num_parameters(backbone.layers) == 85_746_432
    for index in (0, 11):
        path = f"blocks-{index}-"
        block = [x for x in backbone.layers if x.name.startswith(path)]
        assert num_parameters(block) == 7_087_872
    rates = [
        backbone.get_layer(f"blocks-{index}-drop_path2").rate
        for index in range(12)
    ]
    assert rates == pytest.approx([0.1 * k / 11 for k in range(12)])
    assert backbone.layer_norm_epsilon == 1e-6


@pytest.mark.parametrize(
    ("arguments", "grid"),
    [
        ({}, (8, 4)),
        ({"patch_stride": 12}, (10, 5)),
        ({"patch_size": 8}, (16, 8)),
        ({"patch_size": 8, "patch_stride": 6, "num_cameras": 5}, (21, 10)),
    ],
)
def test_small_has_four_blocks_whatever_the_patches(arguments, grid):
    backbone = vit_small((128, 64), **arguments, drop_path_rate=0.2)
    assert backbone.token_grid == grid
    pixels = 3 * backbone.patch_size**2
    assert num_parameters(backbone.layers) == (
        4 * (12 * 192**2 + 13 * 192)
        + (pixels + 1) * 192
        + (2 + grid[0] * grid[1] + 2) * 192
        + arguments.get("num_cameras", 0) * 192
    )
    assert backbone.get_layer("blocks-3-drop_path1").rate == 0.2


def test_overlapping_patches_of_b16():
    config = {**vit_b16((64, 32), patch_stride=12, num_cameras=2).get_config()}
    assert config["patch_stride"] == 12
    assert config["num_cameras"] == 2
    # As in TransReID: (256 - 16) / 12 + 1 rows, 9.3 + 1 columns.
    assert vit_small((256, 128), patch_stride=12).token_grid == (21, 10)


@pytest.mark.parametrize("build", [vit_b16, vit_small])
@pytest.mark.parametrize(
    "image_size", [(256,), 256, (8, 128), (None, None), (64.0, 32.0)]
)
def test_image_size_must_fit(build, image_size):
    with pytest.raises(ValueError, match=r"image_s.*received"):
        build(image_size)

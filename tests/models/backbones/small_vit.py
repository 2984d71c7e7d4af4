"""A ViT that is quick to compile, whose arguments are not the defaults."""

from keras_drop.models.backbones import ViTBackbone
from tests.models.small import arrays
from tests.reference import vit

# Patches overlap by 2 pixels; some pixels right and below are not seen.
SMALL = {
    "image_shape": (24, 16, 3),
    "patch_size": 8,
    "patch_stride": 6,
    "hidden_dim": 12,
    "num_layers": 3,
    "num_heads": 2,
    "mlp_ratio": 1.5,
    "drop_path_rate": 0.3,
    "layer_norm_epsilon": 1e-3,
    "num_cameras": 0,
    "camera_coefficient": 2.5,
    "name": "small_vit",
}
GRID = 3, 2


def small_vit(**arguments):
    return ViTBackbone(**{**SMALL, **arguments})


def public_state(grid, seed=0):
    """What a public file of this ViT has, for images of another grid."""
    return vit.draw(vit.shapes(grid, 8, 12, 3, 18), seed)


def expected_features(state, images, grid=None, added=None):
    return vit.features(state, images, 2, 6, 1e-3, grid, added)


def features_of(backbone, inputs, training=False):
    """All features of a backbone, as arrays."""
    return arrays(backbone(inputs, training=training))

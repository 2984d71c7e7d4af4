"""An HRNet that is quick to compile, with every kind of layer."""

from keras_drop.models.backbones import HRNetBackbone

SMALL = {
    "bottleneck_planes": 2,
    "num_bottlenecks": 2,
    "branch_widths": (8, 8, 8, 12),
    "num_modules": (1, 2, 1),
    "num_blocks": 1,
    "widening_planes": (2, 2, 2, 3),
    "image_shape": (64, 32, 3),
    "name": "small_hrnet",
}


def small_hrnet(image_size):
    return HRNetBackbone(**{**SMALL, "image_shape": (*image_size, 3)})

import keras

from keras_drop.models.base.reid_map import image_pyramid
from keras_drop.registration import register


@register
class StridePyramid(keras.Model):
    """A backbone's maps under the names of their strides, for KerasHub.

    The networks of KerasHub take `P4` for a map of stride 16 and `P5` for one
    of stride 32. Our ResNets end at stride 16, so that their last map is the
    `P4` of this pyramid, and there is no `P5`. Of several maps of one stride
    the last one counts.

    Args:
        backbone: ResNet or HRNet of one image size, whose images are already
            normalised.

    Call arguments:
        images: `(batch, height, width, 3)` RGB pixel values in `[0, 255]`;
            they are normalised here.

    Returns:
        The backbone's four maps, finest first.

    Raises:
        ValueError: A backbone without four maps, or without a fixed size.

    Example:
    >>> from keras_drop.models.segmentation.stride_pyramid import StridePyramid
    >>> from keras_drop.models import resnet18
    >>> pyramid = StridePyramid(resnet18((64, 32)))
    >>> {name: x.shape[1:] for name, x in pyramid.pyramid_outputs.items()}
    {'P2': (16, 8, 64), 'P3': (8, 4, 128), 'P4': (4, 2, 512)}
    """

    def __init__(self, backbone, **kwargs):
        images, maps = image_pyramid(backbone)
        super().__init__(images, maps, **kwargs)
        self.backbone = backbone
        self.pyramid_outputs = {
            f"P{(images.shape[1] // x.shape[1]).bit_length() - 1}": x
            for x in maps
        }

    def get_config(self):
        return {
            "name": self.name,
            "trainable": self.trainable,
            "backbone": keras.saving.serialize_keras_object(self.backbone),
        }

    @classmethod
    def from_config(cls, config):
        backbone = keras.saving.deserialize_keras_object(config["backbone"])
        return cls(**{**config, "backbone": backbone})

import keras
import keras_hub

from keras_drop.checks import checked_choice, is_whole
from keras_drop.layers.depthwise_convolution import DepthwiseConv2D
from keras_drop.registration import register

# Expansion, kernel, stride, channels and number of the blocks of each stage.
LITE0_STAGES = (
    (1, 3, 1, 16, 1),
    (6, 3, 2, 24, 2),
    (6, 5, 2, 40, 2),
    (6, 3, 2, 80, 3),
    (6, 5, 1, 112, 3),
    (6, 5, 2, 192, 4),
    (6, 3, 1, 320, 1),
)
# At the end of which stage a map of the pyramid stands; P5 is the head's.
_PYRAMID = {1: "P2", 2: "P3", 4: "P4"}


@register
class EfficientNetLiteBackbone(keras_hub.models.FeaturePyramidBackbone):
    """EfficientNet-Lite: inverted bottlenecks of depthwise convolutions.

    An EfficientNet for devices: no squeeze and excitation, and activations
    cut off at 6. Convolutions are padded as TensorFlow pads, more at the
    bottom and at the right. The last stage keeps its resolution, as
    re-identification wants it, if `last_stride` is 1.

    The maps `P2` to `P4` are the ends of linear bottlenecks, so they have
    values below 0; `P5` is that of the 1x1 convolution on top, which ends in an
    activation.

    Args:
        stages: For every stage, of at least five, its expansion, kernel size,
            stride, channels and number of blocks; left out, those of Lite0.
        last_stride: Stride of the last stage that has one: 1, or 2 as
            published.
        head_channels: Channels of `P5`.
        image_shape: `(height, width, 3)`, height and width multiples of 32.
        name: Name of the model.
        trainable: Whether the weights are trained.
        dtype: Type or type policy of the layers.

    Call arguments:
        images: `(batch, height, width, 3)`, already normalised: of this
            backbone `(pixel - 127) / 128`, as `image_mean` and
            `image_deviation` say.

    Returns:
        Dictionary, also found as `pyramid_outputs`, of

        - `P2`: `(batch, height / 4, width / 4, 24)`.
        - `P3`: `(batch, height / 8, width / 8, 40)`.
        - `P4`: `(batch, height / 16, width / 16, 112)`.
        - `P5`: `(batch, height / 16, width / 16, 1280)`, or at stride 32.

    Raises:
        ValueError: A size that is no multiple of 32, images without three
            channels, stages that make no pyramid, or another `last_stride`.

    Example:
    >>> from keras_drop.models import efficientnet_lite0
    >>> backbone = efficientnet_lite0((128, 64))
    >>> backbone.pyramid_outputs["P5"].shape
    (None, 8, 4, 1280)

    Reference:
        [Tan and Le, 2019](https://arxiv.org/abs/1905.11946); the Lite
        variants are of TensorFlow's model garden, 2020
    """

    # As its public weights were trained, of pixel values from 0 to 1.
    image_mean = (127 / 255,) * 3
    image_deviation = (128 / 255,) * 3

    def __init__(
        self,
        stages=LITE0_STAGES,
        last_stride=1,
        head_channels=1280,
        image_shape=(256, 128, 3),
        name=None,
        trainable=True,
        dtype=None,
    ):
        checked_choice("last_stride", last_stride, (1, 2))
        _check(stages, image_shape)
        images = keras.Input(image_shape)
        x = _convolve(images, 32, 3, 2, "stem", dtype)
        last = max(k for k, stage in enumerate(stages) if stage[2] > 1)
        pyramid, number = {}, 0
        for k, (expansion, kernel, stride, channels, blocks) in enumerate(
            stages
        ):
            for block in range(blocks):
                step = last_stride if k == last else stride
                step = 1 if block else step
                x = _block(x, expansion, kernel, step, channels, number, dtype)
                number += 1
            if k in _PYRAMID:
                pyramid[_PYRAMID[k]] = x
        x = _convolve(x, head_channels, 1, 1, "head", dtype)
        pyramid["P5"] = x
        super().__init__(
            inputs=images,
            outputs=pyramid,
            name=name,
            trainable=trainable,
            dtype=dtype,
        )
        self.stages = tuple(map(tuple, stages))
        self.last_stride = last_stride
        self.head_channels = head_channels
        self.image_shape = tuple(image_shape)
        self.pyramid_outputs = pyramid

    def get_config(self):
        return {
            **super().get_config(),
            "stages": self.stages,
            "last_stride": self.last_stride,
            "head_channels": self.head_channels,
            "image_shape": self.image_shape,
        }


def _check(stages, image_shape):
    """Refuses what makes no pyramid."""
    sizes = tuple(image_shape)
    fits = all(is_whole(n) and n >= 32 and n % 32 == 0 for n in sizes[:2])
    if not fits or len(sizes) != 3 or sizes[2] != 3:
        raise ValueError(
            "`image_shape` is (height, width, 3), height and width multiples "
            f"of 32; got {sizes}. Choose for example (256, 128, 3)."
        )
    last = max(_PYRAMID) + 1
    if len(stages) < last or all(stage[2] == 1 for stage in stages):
        raise ValueError(
            f"`stages` are {last} or more, one of them with a stride of 2; got "
            f"{tuple(stages)}. Leave them out for those of Lite0."
        )


def _block(x, expansion, kernel, stride, channels, number, dtype):
    """Widens, looks around, and narrows; added to what came if that fits."""
    name, y = f"block{number}", x
    if expansion > 1:
        y = _convolve(y, expansion * x.shape[-1], 1, 1, f"{name}_expand", dtype)
    y = DepthwiseConv2D(
        kernel,
        stride,
        padding="same",
        use_bias=False,
        dtype=dtype,
        name=f"{name}_depthwise_conv",
    )(y)
    y = _normalise(y, f"{name}_depthwise", dtype)
    y = _activate(y, f"{name}_depthwise", dtype)
    y = _convolve(y, channels, 1, 1, f"{name}_project", dtype, activate=False)
    if stride == 1 and channels == x.shape[-1]:
        y = keras.layers.Add(dtype=dtype, name=f"{name}_add")([x, y])
    return y


def _convolve(x, channels, kernel, stride, name, dtype, activate=True):
    x = keras.layers.Conv2D(
        channels,
        kernel,
        stride,
        padding="same",
        use_bias=False,
        kernel_initializer="he_normal",
        dtype=dtype,
        name=f"{name}_conv",
    )(x)
    x = _normalise(x, name, dtype)
    return _activate(x, name, dtype) if activate else x


def _normalise(x, name, dtype):
    return keras.layers.BatchNormalization(
        momentum=0.9, epsilon=1e-3, dtype=dtype, name=f"{name}_bn"
    )(x)


def _activate(x, name, dtype):
    return keras.layers.ReLU(max_value=6.0, dtype=dtype, name=f"{name}_relu")(x)

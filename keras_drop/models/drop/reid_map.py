import keras
from keras import ops

from keras_drop.checks import checked_choice
from keras_drop.layers import ParsingGuidedPooling
from keras_drop.layers.pooling.parsing_guided_pooling import MODES
from keras_drop.ops import foreground_mask
from keras_drop.registration import value


@value
class ReIDMap:
    """The coarse map that DROP pools embeddings from, and how.

    Args:
        stride: Of the map: 16; with HRNet also 8, or 4, which is BPBReID's.
        pooling: `"sum"` or `"concat"` of weighted average and maximum, or
            `"avg"` alone.
        detach_parsing: Whether identity and triplet losses stop at the masks
            that parsing found, and teach them nothing.

    Raises:
        ValueError: An unknown pooling or stride.

    Example:
    >>> from keras_drop.models import DROP, ReIDMap, resnet18
    >>> model = DROP(
    ...     resnet18((64, 32)), 3, reid_map=ReIDMap(pooling="avg")
    ... )
    >>> model.get_layer("pooling").mode
    'avg'

    Reference:
        [Dou et al., 2024](https://arxiv.org/abs/2401.18032)
    """

    stride: int = 16
    pooling: str = "sum"
    detach_parsing: bool = False

    def __post_init__(self):
        checked_choice("stride", self.stride, (16, 8, 4))
        checked_choice("pooling", self.pooling, MODES)


def pooled_by_parts(settings, features, part_maps):
    """A map to the vectors of image, person and parts.

    Args:
        settings: `ReIDMap`.
        features: `(batch, height, width, channels)`.
        part_maps: `(batch, n * height, n * width, 1 + parts)`, background
            first.

    Returns:
        `(batch, channels)` of the image and of the person, and `(batch,
        parts, channels)`.
    """
    masks = keras.layers.AveragePooling2D(
        part_maps.shape[1] // features.shape[1],
        dtype="float32",
        name="reid_part_maps",
    )(part_maps)
    if settings.detach_parsing:
        masks = ops.stop_gradient(masks)
    pooled = ParsingGuidedPooling(settings.pooling, name="pooling")(
        features,
        ops.concatenate(
            [
                ops.ones_like(masks[..., :1]),
                foreground_mask(masks)[..., None],
                masks[..., 1:],
            ],
            axis=-1,
        ),
    )
    return pooled[:, 0, :], pooled[:, 1, :], pooled[:, 2:, :]

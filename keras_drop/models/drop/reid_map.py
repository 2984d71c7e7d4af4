import keras
from keras import ops

from keras_drop.checks import checked_choice
from keras_drop.layers import ParsingGuidedPooling
from keras_drop.layers.pooling.parsing_guided_pooling import MODES
from keras_drop.ops import foreground_mask
from keras_drop.registration import value

STOPS = ("none", "triplet", "all")


@value
class ReIDMap:
    """The coarse map that DROP pools embeddings from, and how.

    Args:
        stride: Of the map: 16, 8, or 4, which with HRNet is that of BPBReID.
        pooling: `"sum"` or `"concat"` of weighted average and maximum, or
            `"avg"` alone.
        stop_at_masks: Which losses stop at the masks that parsing found, and
            teach them nothing: `"none"`; `"triplet"`, that of the parts; or
            `"all"` but parsing's own.

    Raises:
        ValueError: An unknown pooling, stride or `stop_at_masks`.

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
    stop_at_masks: str = "none"

    def __post_init__(self):
        checked_choice("stride", self.stride, (16, 8, 4))
        checked_choice("pooling", self.pooling, MODES)
        checked_choice("stop_at_masks", self.stop_at_masks, STOPS)


def pooled_by_parts(settings, features, part_maps):
    """A map to the vectors of image, person and parts.

    Args:
        settings: `ReIDMap`.
        features: `(batch, height, width, channels)`.
        part_maps: `(batch, n * height, n * width, 1 + parts)`, background
            first.

    Returns:
        `(batch, channels)` of the image and of the person, and `(batch,
        parts, channels)` of the parts; if the triplet loss stops at the
        masks, they follow a second time, for it.
    """
    masks = keras.layers.AveragePooling2D(
        part_maps.shape[1] // features.shape[1],
        dtype="float32",
        name="reid_part_maps",
    )(part_maps)
    if settings.stop_at_masks == "all":
        masks = ops.stop_gradient(masks)
    parts = [masks[..., 1:]]
    if settings.stop_at_masks == "triplet":
        parts.append(ops.stop_gradient(masks[..., 1:]))
    pooled = ParsingGuidedPooling(settings.pooling, name="pooling")(
        features,
        ops.concatenate(
            [
                ops.ones_like(masks[..., :1]),
                foreground_mask(masks)[..., None],
                *parts,
            ],
            axis=-1,
        ),
    )
    return pooled[:, 0, :], pooled[:, 1, :], pooled[:, 2:, :]

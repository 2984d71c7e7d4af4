import keras

from keras_drop.checks import checked_choice
from keras_drop.layers import FineGrainedFeatureFocuser, PartMapFocuser
from keras_drop.layers.parsing.fine_grained_feature_focuser import STARTS
from keras_drop.ops import foreground_mask
from keras_drop.registration import value

PLACES = ("feature", "map", "none")
GATES = ("foreground", "none")


@value
class Focuser:
    """What PAB-ReID's fine-grained feature focuser (FGFF) sharpens, and how.

    Args:
        place: `"feature"`, a reduced feature map that the parts alone are
            pooled from; `"map"`, the part maps, with which foreground and
            parts are pooled; `"none"`, as in `BPBReID`.
        channels: Of the reduced feature map.
        start: `"identity"`: training starts with what is not sharpened;
            `"no_skip"`: the sharpened map replaces it from the start.
        gate: What sharpens a feature map cell by cell: `"foreground"`, the
            probability of the likeliest part besides the map itself;
            `"none"`, the map alone.

    Raises:
        ValueError: An unknown word.

    Example:
    >>> from keras_drop.models import Focuser, PABReID, resnet18
    >>> model = PABReID(
    ...     resnet18((64, 32)), 3, focuser=Focuser(channels=64)
    ... )
    >>> model.get_layer("focuser").channels
    64

    Reference:
        [Chen and Ge, 2024](https://arxiv.org/abs/2404.03443)
    """

    place: str = "feature"
    channels: int = 256
    start: str = "identity"
    gate: str = "foreground"

    def __post_init__(self):
        checked_choice("place", self.place, PLACES)
        checked_choice("start", self.start, STARTS)
        checked_choice("gate", self.gate, GATES)


def focused(settings, features, part_logits, part_maps):
    """What parts are pooled from, and with which maps.

    Args:
        settings: `Focuser`.
        features: `(batch, height, width, channels)`.
        part_logits: `(batch, height, width, 1 + parts)`, background first.
        part_maps: Their softmax.

    Returns:
        The feature map of the parts, and the maps to pool with.
    """
    if settings.place == "feature":
        gate = [foreground_mask(part_maps)[..., None]]
        features = FineGrainedFeatureFocuser(
            settings.channels, settings.start, name="focuser"
        )(features, *(gate if settings.gate == "foreground" else []))
    elif settings.place == "map":
        sharpened = PartMapFocuser(settings.start, name="focuser")(part_logits)
        part_maps = keras.layers.Softmax(
            dtype="float32", name="focused_part_maps"
        )(sharpened)
    return features, part_maps

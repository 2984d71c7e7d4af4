from keras_drop.checks import checked_choice
from keras_drop.layers import (
    DetailPreservingUpsampling,
    HierarchicalBiasDecoupledAdapter,
    PedestrianPositionEncoder,
)
from keras_drop.layers.maps.detail_preserving_upsampling import FUSIONS
from keras_drop.layers.maps.pedestrian_position_encoder import KINDS
from keras_drop.registration import value


@value
class ParsingMap:
    """The fine map that DROP parses the parts from.

    Args:
        channels: Of the map.
        fusion: How the stages of the backbone are fused: `"add"` or
            `"concat"`.
        final_convolution: Whether a 3 x 3 convolution ends the upsampling.
        position_encoder: What tells a cell its height in the image: `"mlp"`,
            `"table"`, `"sinusoidal"`, `"mlp_2d"`, or `"none"`.
        adapters: Whether adapters of the journal version (HBDA) precede the
            upsampling.

    Raises:
        ValueError: An unknown fusion or encoder, or no channel.

    Example:
    >>> from keras_drop.models import DROP, ParsingMap, resnet18
    >>> model = DROP(
    ...     resnet18((64, 32)), 3, parsing_map=ParsingMap(channels=32)
    ... )
    >>> model.get_layer("upsampling").channels
    32

    Reference:
        [Dou et al., 2024](https://arxiv.org/abs/2401.18032)
    """

    channels: int = 128
    fusion: str = "add"
    final_convolution: bool = True
    position_encoder: str = "mlp"
    adapters: bool = False

    def __post_init__(self):
        checked_choice("fusion", self.fusion, FUSIONS)
        encoders = (*KINDS, "none")
        checked_choice("position_encoder", self.position_encoder, encoders)
        if self.channels < 1:
            raise ValueError(
                f"`channels` is {self.channels}; a map has 1 or more."
            )


def parsing_map(settings, stages):
    """The map of `ParsingMap`, from the four maps of a backbone.

    Args:
        settings: `ParsingMap`.
        stages: The maps, finest first.

    Returns:
        `(batch, height, width, channels)` at a quarter of the image size.
    """
    if settings.adapters:
        stages = [
            HierarchicalBiasDecoupledAdapter(name=f"adapter_{i}")(stage)
            for i, stage in enumerate(stages, start=1)
        ]
    fine = DetailPreservingUpsampling(
        settings.channels,
        settings.fusion,
        settings.final_convolution,
        name="upsampling",
    )(stages)
    if settings.position_encoder == "none":
        return fine
    return PedestrianPositionEncoder(
        settings.position_encoder, name="position_encoder"
    )(fine)

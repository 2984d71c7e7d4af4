import dataclasses
import inspect

from keras_drop.checks import (
    checked_choice,
    is_whole,
    refuse_negative,
    refuse_unknown_names,
)
from keras_drop.flags import dotted_flags, flag
from keras_drop.models import (
    BACKBONES,
    freeze_stages,
    load_weights,
    weight_names,
)
from keras_drop.models.backbones import check_weights
from keras_drop.models.base.switches import parsed_value
from keras_drop.training.callbacks.thaw_stages import ThawStages

# What the run gives itself.
_GIVEN = ("image_size", "num_cameras", "name")


@dataclasses.dataclass(frozen=True)
class BackboneSettings:
    """Backbone: the network below the model, and its weights.

    Args:
        backbone: A name of `keras_drop.models.BACKBONES`.
        arguments: Dictionary of its optional arguments, such as
            `{"patch_stride": 12}`.
        weights: PyTorch checkpoint, `model.keras` of another run, or one of
            `keras_drop.models.weight_names`.
        camera_embedding: Whether it learns what is particular of each camera,
            and is told the cameras; of a ViT.
        freeze_stages: How many of its first stages do not learn, see
            `keras_drop.models.freeze_stages`; of a backbone with `weights`.
        thaw_epochs: Epochs, from 0, from which they learn too: one for all of
            them, or one each, for the last of them first; none for never.

    Raises:
        ValueError: An unknown name, or arguments it does not have; a thaw of
            what is not frozen; an empty text for `weights`, which are `None`
            if there are none.

    Example:
    >>> from keras_drop.training import BackboneSettings
    >>> settings = BackboneSettings("vit_small", {"patch_size": 8})
    >>> settings.build((32, 16)).token_grid
    (4, 2)
    """

    backbone: str = flag("hrnet_w32", ", ".join(BACKBONES))
    arguments: dict = dotted_flags("backbone", "the backbone's own")
    weights: str | None = flag(
        None, f"PyTorch file, model.keras of a run, {', '.join(weight_names())}"
    )
    camera_embedding: bool = flag(False, "tell cameras apart; of a ViT")
    freeze_stages: int = flag(0, "first stages that do not learn")
    thaw_epochs: tuple[int, ...] = flag(
        (), "one in which all start to, or each"
    )

    def __post_init__(self):
        checked_choice("backbone", self.backbone, BACKBONES)
        known = self.known_arguments()
        refuse_unknown_names(self.backbone, self.arguments, known)
        for name, value in self.arguments.items():
            parsed_value(name, str(value), known[name])
        tells = inspect.signature(BACKBONES[self.backbone]).parameters
        if self.camera_embedding and "num_cameras" not in tells:
            raise ValueError(
                f"`camera_embedding` is of a ViT; {self.backbone} does not "
                "tell cameras apart."
            )
        if self.weights is not None and not str(self.weights):
            raise ValueError(
                "`weights` is an empty text. Leave it out, or give None, to "
                "start from none."
            )
        refuse_negative(freeze_stages=self.freeze_stages)
        if not is_whole(self.freeze_stages):
            raise ValueError(
                f"`freeze_stages` is {self.freeze_stages!r}; it is a whole "
                "number, such as 2."
            )
        if self.thaw_epochs:
            ThawStages(*self.thaw_epochs)  # Which refuses wrong ones.
        if len(self.thaw_epochs) not in (0, 1, self.freeze_stages) or (
            self.thaw_epochs and not self.freeze_stages
        ):
            raise ValueError(
                f"`thaw_epochs` are {self.thaw_epochs}, but `freeze_stages` is "
                f"{self.freeze_stages}. Give one epoch for all frozen stages, "
                "or as many epochs as there are frozen stages."
            )

    def known_arguments(self):
        """The arguments that the backbone has, with their defaults."""
        parameters = inspect.signature(BACKBONES[self.backbone]).parameters
        return {
            name: parameter.default
            for name, parameter in parameters.items()
            if name not in _GIVEN
        }

    def check(self, image_size=(256, 128)):
        """Refuses weights that are not there, and stages.

        Args:
            image_size: `(height, width)` of the images that it will see.

        Raises:
            FileNotFoundError: No such weights.
            ValueError: Weights of another backbone, or a file that holds
                none; a size that the backbone does not take; more frozen
                stages than it has, or frozen ones without weights.
        """
        if self.weights:
            check_weights(self.weights, self.backbone)
        freeze_stages(self._untrained(image_size), self.freeze_stages)
        if self.freeze_stages and not self.weights and self._is_ours:
            raise ValueError(
                f"`freeze_stages` is {self.freeze_stages}, but there are no "
                "`weights`: the first stages would stay as they were drawn. "
                "Give `weights`, or `freeze_stages` 0."
            )

    @property
    def _is_ours(self):
        """One of another's may bring its weights; ours come without."""
        build = BACKBONES[self.backbone]
        return build.__module__.startswith("keras_drop.")

    def num_cameras(self, records):
        """How many cameras are told apart, 0 if they are not."""
        if not self.camera_embedding:
            return 0
        return int(records.cameras.max()) + 1

    def build(self, image_size, num_cameras=0):
        """The backbone, with its weights if there are some."""
        backbone = self._untrained(image_size, num_cameras)
        if self.weights:
            print(load_weights(backbone, self.weights))
        freeze_stages(backbone, self.freeze_stages)
        return backbone

    def _untrained(self, image_size, num_cameras=0):
        known = self.known_arguments()
        arguments = {
            name: parsed_value(name, str(value), known[name])
            for name, value in self.arguments.items()
        }
        if num_cameras:
            arguments["num_cameras"] = num_cameras
        return BACKBONES[self.backbone](image_size, **arguments)

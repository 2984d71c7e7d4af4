"""The settings of a `SegmentationRun`, in groups."""

import dataclasses
from pathlib import Path

import keras_hub

from keras_drop.checks import (
    checked_choice,
    refuse_negative,
    refuse_no_count,
    refuse_no_whole,
    refuse_outside,
    refuse_unknown_names,
)
from keras_drop.data import TRANSFORMS, ParsingLabels
from keras_drop.datasets import LABEL_FORMATS, read_parsed_images
from keras_drop.flags import flag
from keras_drop.image_sizes import checked_image_size
from keras_drop.models import BACKBONES, load_checkpoint
from keras_drop.models.backbones import backbones_of_kind
from keras_drop.part_schemas import part_schema
from keras_drop.training.settings.checkpoint_settings import CheckpointSettings

# The format that reads what is written; other schemas are read as `custom`.
_FORMATS = {"fourteen": "densepose14", "seven": "png7", "hpnet_four": "png4"}
_WITH_MAPS = backbones_of_kind("pyramid")


@dataclasses.dataclass(frozen=True)
class PeopleToLearn:
    """Learning: labelled images that the network learns from.

    Args:
        data_dir: Folder of the images.
        parsing_dir: Folder of their parsing labels.
        folders: Folders in `data_dir`; empty: all.
        label_format: Of the labels.
        part_schema: Name of the parts to learn and to write.
        bag_is_torso: Of `"atr"` labels; else a bag is background.
        held_out: Share of the images to measure with.
        max_unreadable: Broken or vanished files that a run goes on without:
            so many of those to learn from, and so many of those held out.

    Raises:
        ValueError: A format or schema that is unknown, or do not go together;
            a share that is not between 0 and 1; no count of files.

    Example:
    >>> from keras_drop.training import PeopleToLearn
    >>> PeopleToLearn(part_schema="seven").written_format
    'png7'
    """

    data_dir: Path | None = flag(None, "folder of the images to learn from")
    parsing_dir: Path | None = flag(None, "folder of their parsing labels")
    folders: tuple[str, ...] = flag((), "folders in data_dir; empty: all")
    label_format: str = flag("densepose14", ", ".join(LABEL_FORMATS))
    part_schema: str = flag("fourteen", "parts to learn and to write")
    bag_is_torso: bool = flag(False, "of atr labels; else it is background")
    held_out: float = flag(0.1, "share of the images to measure with")
    max_unreadable: int = flag(0, "broken files that it goes on without")

    def __post_init__(self):
        ParsingLabels(self.label_format, self.schema)
        refuse_no_whole(max_unreadable=self.max_unreadable)
        if not 0 < self.held_out < 1:
            raise ValueError(
                f"`held_out` is {self.held_out}; it is between 0 and 1."
            )

    @property
    def schema(self):
        """`PartSchema` of the parts to learn."""
        return part_schema(self.part_schema, self.bag_is_torso)

    @property
    def written_format(self):
        """Name of the format of the labels that are written."""
        return _FORMATS.get(self.part_schema, "custom")

    def read(self):
        """`Records` of the images that have a label."""
        records = read_parsed_images(
            self.data_dir, self.parsing_dir, self.label_format, self.folders
        )
        return records[records.parsing_paths != ""]


@dataclasses.dataclass(frozen=True)
class PeopleToLabel:
    """Labelling: images without labels, and where theirs go.

    Args:
        crops: Folder of the images to label, if any.
        crop_folders: Folders in `crops`; empty: all.
        labels_dir: Folder of the new labels; left out, `labels` of the run.
        truth_dir: Folder of true labels, to compare with.

    Example:
    >>> from pathlib import Path
    >>> from keras_drop.training import PeopleToLabel
    >>> label = PeopleToLabel(Path("market"), crop_folders=("query",))
    >>> label.refuse_own_labels(Path("market_labels"))  # They are elsewhere.
    """

    crops: Path | None = flag(None, "folder of the images to label, if any")
    crop_folders: tuple[str, ...] = flag((), "folders in crops; empty: all")
    labels_dir: Path | None = flag(None, "of the new labels; run_dir/labels")
    truth_dir: Path | None = flag(None, "true labels of the crops, to compare")

    def refuse_own_labels(self, labels):
        """Refuses to write labels among the images.

        Raises:
            ValueError: The next run would take them for images.
        """
        if not self.crops:
            return
        scanned = [self.crops / name for name in self.crop_folders]
        for folder in scanned or [self.crops]:
            if labels.resolve().is_relative_to(folder.resolve()):
                raise ValueError(
                    f"`labels_dir` is {labels}, which is in {folder}, where "
                    "the next run would take labels for images."
                )


@dataclasses.dataclass(frozen=True)
class NetworkSettings:
    """Network: the backbone of DeepLabV3+.

    Args:
        backbone: A name of `keras_drop.models.BACKBONES`, without the ViTs.
        weights: PyTorch checkpoint of it, if any.
        preset: KerasHub's of a ResNet, instead of `backbone`.
        image_size: `(height, width)`, multiples of 32.

    Raises:
        ValueError: An unknown name, both `weights` and `preset`, or another
            size.

    Example:
    >>> from keras_drop.training import NetworkSettings
    >>> network = NetworkSettings("resnet18", image_size=(64, 32))
    >>> network.build().pyramid_outputs["P5"].shape[1:3]
    (4, 2)
    """

    backbone: str = flag("resnet50", ", ".join(_WITH_MAPS))
    weights: Path | None = flag(None, "PyTorch checkpoint of the backbone")
    preset: str = flag("", "KerasHub's of a ResNet instead of backbone")
    image_size: tuple[int, int] = flag((256, 128), "height,width")

    def __post_init__(self):
        checked_choice("backbone", self.backbone, _WITH_MAPS)
        if self.preset and self.weights:
            raise ValueError("`preset` has weights: leave out `weights`.")
        try:
            checked_image_size(self.image_size, multiple=32)
        except ValueError:
            raise ValueError(
                f"`image_size` is {self.image_size}; it is height,width, "
                "multiples of 32, as 256,128."
            ) from None

    def build(self):
        """The backbone, with weights if there are some."""
        if self.preset:
            return keras_hub.models.ResNetBackbone.from_preset(
                self.preset,
                stackwise_num_strides=[1, 2, 2, 1],
                image_shape=(*self.image_size, 3),
            )
        backbone = BACKBONES[self.backbone](self.image_size)
        if self.weights:
            load_checkpoint(backbone, self.weights)
        return backbone


@dataclasses.dataclass(frozen=True)
class SegmentationFitSettings:
    """Training: how images are changed, how long, and how fast.

    Args:
        transforms: Names of random changes, see `random_transform`.
        occlusion: Share of the images that something hides.
        batch_size: Images in a batch.
        epochs: Passes over the training images.
        learning_rate: After the first epoch; then it falls like a cosine.
        weight_decay: Decoupled from the gradients.
        seed: Of weights and batches.
        checkpoints: `CheckpointSettings`.

    Raises:
        ValueError: An unknown change, or a number outside its range.

    Example:
    >>> from keras_drop.training import SegmentationFitSettings
    >>> SegmentationFitSettings(epochs=20).batch_size
    32
    """

    transforms: tuple[str, ...] = flag(
        ("flip", "crop", "colour_jitter"), ", ".join(TRANSFORMS)
    )
    occlusion: float = flag(0.3, "share of the images that something hides")
    batch_size: int = flag(32, "images in a batch")
    epochs: int = flag(30, "passes over the training images")
    learning_rate: float = flag(1e-3, "after the first epoch; then a cosine")
    weight_decay: float = flag(1e-4, "decoupled from the gradients")
    seed: int = flag(1, "of weights and batches")
    checkpoints: CheckpointSettings = CheckpointSettings()

    def __post_init__(self):
        refuse_unknown_names("transforms", self.transforms, TRANSFORMS)
        refuse_outside(0, 1, occlusion=self.occlusion)
        refuse_no_count(batch_size=self.batch_size)
        refuse_negative(
            epochs=self.epochs,
            learning_rate=self.learning_rate,
            weight_decay=self.weight_decay,
        )

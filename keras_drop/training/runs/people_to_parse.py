import dataclasses
from pathlib import Path

from keras_drop.checks import refuse_no_count
from keras_drop.datasets import read_occluded_duke, read_parsed_images
from keras_drop.datasets.embedded_pedestrians import render_embedded_pedestrians
from keras_drop.flags import flag
from keras_drop.training.settings.data_reading import refuse_missing

# Of other people than those of the seed that `--render` has.
_OTHER_SEED = 2


@dataclasses.dataclass(frozen=True)
class PeopleToParse:
    """People to parse: labelled images beside those of the training people.

    Args:
        crops_dir: Folder of `images/` and `parts/`, as
            `python -m keras_drop densepose_coco_crops` writes it.
        crops_format: Format of their labels.
        num_crops: How many are in every step.
        extra_data_dir: Folder of drawn pedestrians, instead of `crops_dir`.
        extra_render: Preset of pedestrians that are drawn there first.

    Raises:
        ValueError: Both folders, or no whole number of crops.

    Example:
    >>> from keras_drop.training import PeopleToParse
    >>> PeopleToParse().read() is None
    True
    """

    crops_dir: Path | None = flag(
        None, "folder of images/ and parts/ of people to parse, as of COCO"
    )
    crops_format: str = flag("densepose14", "format of their labels")
    num_crops: int = flag(32, "of them in every step")
    extra_data_dir: Path | None = flag(
        None, "instead of crops_dir: drawn pedestrians to parse"
    )
    extra_render: str = flag("", "first draw this preset to extra_data_dir")

    def __post_init__(self):
        refuse_no_count(num_crops=self.num_crops)
        if self.crops_dir and self.extra_data_dir:
            raise ValueError(
                "`crops_dir` and `extra_data_dir` are both people to parse; "
                "give one of them."
            )

    def check(self):
        """Refuses folders that are not there."""
        refuse_missing(crops_dir=self.crops_dir)
        if not self.extra_render:
            refuse_missing(extra_data_dir=self.extra_data_dir)

    def read(self):
        """`Records` of them, or `None`."""
        if self.crops_dir:
            return read_parsed_images(
                self.crops_dir / "images",
                self.crops_dir / "parts",
                self.crops_format,
            )
        folder = self.extra_data_dir
        if not folder:
            return None
        if self.extra_render:
            render_embedded_pedestrians(
                folder, self.extra_render, seed=_OTHER_SEED
            )
        splits = read_occluded_duke(folder, folder / "parts", self.crops_format)
        return splits["train"]

import dataclasses
from pathlib import Path

from keras_drop.checks import checked_choice, refuse_negative
from keras_drop.data import ParsingLabels, hold_out_people
from keras_drop.data.labels.parsing_labels import REDUCTIONS
from keras_drop.datasets import DATA_SETS, data_set
from keras_drop.datasets.embedded_pedestrians import render_embedded_pedestrians
from keras_drop.evaluation import Protocol
from keras_drop.flags import flag

WITHOUT_LABELS = "stripes"


@dataclasses.dataclass(frozen=True)
class DataSettings:
    """Data: images, their parsing labels, and the protocol.

    Args:
        data: Name of the data set and folder where it is, as
            `"occluded_duke:Occluded_Duke"`.
        parsing_dir: Folder of the parsing labels.
        label_format: Their format; empty: what the data set usually has.
            `"stripes"` takes the place of labels.
        part_schema: Body parts that the model tells apart.
        label_reduction: How labels become small: `"nearest"`, `"area_max"`
            or `"release"`, as of `ParsingLabels`.
        render: Preset of pedestrians that are drawn to the folder first.
        protocol: Name of the protocol; empty: that of the data set.
        validation_people: Training people, or their share below 1, who are
            not learnt: the run is looked at by them, see `hold_out_people`.
        validation_seed: Draws them; the same in all runs to be compared.

    Raises:
        ValueError: An unknown name, or a number below 0.

    Example:
    >>> from keras_drop.training import DataSettings
    >>> settings = DataSettings("market1501:Market-1501-v15.09.15")
    >>> settings.folder.name, settings.protocol_name
    ('Market-1501-v15.09.15', 'market1501')
    """

    data: str = flag("", "NAME:FOLDER, a data set and where it is")
    parsing_dir: Path | None = flag(None, "folder of its parsing labels")
    label_format: str = flag("", "of the labels; empty: the data set's")
    part_schema: str = flag("eight", "body parts that the model tells apart")
    label_reduction: str = flag("nearest", "area_max or release")
    render: str = flag("", "first draw this preset of pedestrians to FOLDER")
    protocol: str = flag("", "of the evaluation; empty: the data set's")
    validation_people: float = flag(
        0.0, "training people held out to choose by; below 1: their share"
    )
    validation_seed: int = flag(1, "draws them")

    def __post_init__(self):
        checked_choice("label_reduction", self.label_reduction, REDUCTIONS)
        refuse_negative(validation_people=self.validation_people)
        if self.data:
            data_set(self.name)
        if self.protocol:
            Protocol.named(self.protocol)

    @property
    def name(self):
        """Name of the data set."""
        return self.data.partition(":")[0]

    @property
    def folder(self):
        """Where it is."""
        return Path(self.data.partition(":")[2])

    @property
    def protocol_name(self):
        """Name of the protocol that counts."""
        return self.protocol or self.name

    @property
    def format(self):
        """Name of the label format that counts."""
        return self.label_format or data_set(self.name).label_format

    def labels(self, label_format=None):
        """`ParsingLabels` of the model's parts.

        Args:
            label_format: Of labels of other images, if theirs is another.
        """
        return ParsingLabels(
            label_format or self.format,
            self.part_schema,
            label_reduction=self.label_reduction,
        )

    def check(self, has_parts):
        """Refuses what is missing, before anything is drawn or read.

        Args:
            has_parts: Whether the model learns from parsing labels.

        Raises:
            ValueError: No data set, no folder, or no labels for a model that
                learns from them.
            FileNotFoundError: A folder that is not there.
        """
        if not self.data.partition(":")[2]:
            raise ValueError(
                f"`data` is {self.data!r}; it is NAME:FOLDER, as "
                "occluded_duke:Occluded_Duke. Known names: "
                f"{', '.join(DATA_SETS)}."
            )
        unlabelled = self.parsing_dir is None and self.format != WITHOUT_LABELS
        if has_parts:
            self.labels()
        if has_parts and unlabelled:
            raise ValueError(
                "`parsing_dir` is missing: parts need labels, or "
                f"`label_format` {WITHOUT_LABELS}, which is instead of them."
            )
        if not self.render:
            refuse_missing(data=self.folder, parsing_dir=self.parsing_dir)

    def read(self):
        """The `Records` of each split, drawn first if `render` says so.

        `"validation"` is one of them if `validation_people` are held out.
        """
        if self.render:
            render_embedded_pedestrians(self.folder, self.render)
        splits = data_set(self.name).read(
            self.folder, self.parsing_dir, self.format
        )
        if self.validation_people and len(splits.get("train", ())):
            splits["train"], splits["validation"] = hold_out_people(
                splits["train"], self.validation_people, self.validation_seed
            )
        for name, records in splits.items():
            print(f"{name}: {records}")
        if not len(splits.get("train", ())):
            raise ValueError(
                f"{self.name} has no images to train on, only "
                f"{', '.join(splits)}."
            )
        return splits


def refuse_missing(**paths):
    """Refuses paths, `None` for one not given, that are not there.

    Raises:
        FileNotFoundError: Names the setting and its path.
    """
    for name, path in paths.items():
        if path is not None and not Path(path).exists():
            raise FileNotFoundError(f"`{name}` is {path}, which is not there.")

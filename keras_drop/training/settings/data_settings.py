import dataclasses
from pathlib import Path

from keras_drop.checks import checked_choice, refuse_negative
from keras_drop.data import ParsingLabels, hold_out_people
from keras_drop.data.labels.parsing_labels import REDUCTIONS
from keras_drop.datasets import DATA_SETS, OwnData, data_sources
from keras_drop.datasets.embedded_pedestrians import render_embedded_pedestrians
from keras_drop.evaluation import Protocol
from keras_drop.flags import flag
from keras_drop.part_schemas import part_schema as find_part_schema
from keras_drop.training.settings.data_reading import (
    WITHOUT_LABELS,
    check_labels,
    read_splits,
    refuse_missing,
)


@dataclasses.dataclass(frozen=True)
class DataSettings:
    """Data: images, their parsing labels, and the protocol.

    Several data sets are trained on at once, where nobody of the one is
    somebody of the other, and evaluated one by one.

    Args:
        data: What `DataSource` takes, as `"occluded_duke:Occluded_Duke"` or
            `"shop.csv"`; several are separated by commas.
        parsing_dir: Folder of the parsing labels; of several data sets that
            with a folder of labels for each, called like it.
        label_format: Their format; empty: what the data set usually has.
            `"stripes"` takes the place of labels.
        part_schema: Body parts that the model tells apart. Stripes are as many.
        label_reduction: How labels become small: `"nearest"`, `"area_max"`
            or `"release"`, as of `ParsingLabels`.
        render: Preset of pedestrians that are drawn to the folder first.
        protocol: Name of the protocol; empty: that of the data set.
        validation_people: Training people, or their share below 1, who are
            not learnt: the run is looked at by them, see `hold_out_people`.
        validation_seed: Draws them; the same in all runs to be compared.
        test_data: Like `data`: what is evaluated instead, and not trained on.
            No model has learnt its cameras.
        own: `OwnData`: how tables and folders are read.

    Raises:
        ValueError: An unknown name, what is no data, or a number below 0.

    Example:
    >>> from keras_drop.training import DataSettings
    >>> settings = DataSettings("market1501:Market-1501-v15.09.15")
    >>> settings.folder.name, settings.test_protocol.name
    ('Market-1501-v15.09.15', 'market1501')
    """

    data: str = flag(
        "",
        "NAME:FOLDER, TABLE.csv, FOLDER or tfds:NAME; several by commas",
    )
    parsing_dir: Path | None = flag(None, "folder of the parsing labels")
    label_format: str = flag("", "of the labels; empty: the data set's")
    part_schema: str = flag("eight", "body parts that the model tells apart")
    label_reduction: str = flag("nearest", "area_max or release")
    render: str = flag("", "first draw this preset of pedestrians to FOLDER")
    protocol: str = flag("", "of the evaluation; empty: the data set's")
    validation_people: float = flag(
        0.0, "training people held out to choose by; below 1: their share"
    )
    validation_seed: int = flag(1, "draws them")
    test_data: str = flag("", "as --data: evaluated instead, not trained on")
    own: OwnData = OwnData()

    def __post_init__(self):
        checked_choice("label_reduction", self.label_reduction, REDUCTIONS)
        refuse_negative(validation_people=self.validation_people)
        if self.label_format == WITHOUT_LABELS:
            count = find_part_schema(self.part_schema).num_parts
            object.__setattr__(self, "part_schema", f"stripes_{count}")
        if self.data:
            self.tested_protocols()
        elif self.protocol:
            Protocol.named(self.protocol)

    @property
    def sources(self):
        """The `DataSource`s to train on."""
        return self._sources()[0]

    @property
    def tested(self):
        """The `DataSource`s to evaluate; the first is what is watched."""
        return self._sources()[1]

    @property
    def knows_cameras(self):
        """Whether the first evaluated images have the cameras of training."""
        return not self.test_data

    @property
    def folder(self):
        """Where the first data set is."""
        return self.sources[0].path

    @property
    def test_protocol(self):
        """The `Protocol` of the first data set that is evaluated."""
        return next(iter(self.tested_protocols().values()))

    @property
    def format(self):
        """Name of the label format that counts."""
        return self.label_format or self.sources[0].label_format

    def tested_protocols(self):
        """Dictionary from the names of the evaluated data to `Protocol`s.

        Raises:
            ValueError: One name for several, or one that is another's.
        """
        tested = self.tested
        if self.protocol and len(tested) > 1:
            raise ValueError(
                f"`protocol` {self.protocol!r} is one name for the results on "
                f"{', '.join(source.name for source in tested)}. Leave it out."
            )
        return {
            source.name: Protocol.of_source(source, self.protocol)
            for source in tested
        }

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

    def check(self, reads_labels):
        """Refuses what is missing, before anything is drawn or read.

        Args:
            reads_labels: Whether parsing labels are read.

        Raises:
            ValueError: No data, or no labels where they are read.
            FileNotFoundError: A file or folder that is not there.
        """
        if not self.data:
            raise ValueError(
                "`data` is missing: NAME:FOLDER, as occluded_duke:Occluded_Duke"
                "; TABLE.csv; or FOLDER, with `pattern`. Known names: "
                f"{', '.join(DATA_SETS)}."
            )
        sources = self.sources
        if not self.render:
            places = {"data": sources, "test_data": self.tested}
            for name, at in places.items():
                for source in at:
                    refuse_missing(**{name: source.path})
            refuse_missing(parsing_dir=self.parsing_dir)
        elif len(sources) > 1 or sources[0].known is None:
            raise ValueError("`render` is for one data set, which it draws.")
        if reads_labels:
            self.labels()
            check_labels(self)

    def read(self):
        """The `Records` of each split, drawn first if `render` says so.

        Returns:
            Dictionary of `Records`: `"train"` of all data sets, `"query"` and
            `"gallery"` of the first that is evaluated, and `"validation"` if
            `validation_people` are held out.

        Raises:
            ValueError: Nothing to train on, or nothing to evaluate.
        """
        if self.render:
            render_embedded_pedestrians(self.folder, self.render)
        splits = read_splits(self)
        if self.validation_people:
            splits["train"], splits["validation"] = hold_out_people(
                splits["train"], self.validation_people, self.validation_seed
            )
        for name, records in splits.items():
            print(f"{name}: {records}")
        return splits

    def _sources(self):
        """To train on, and to evaluate."""
        number = self.data.count(",") + 1
        both = ",".join(filter(None, (self.data, self.test_data)))
        sources = data_sources(both, self.own)
        return sources[:number], sources[number:] or sources

import dataclasses
import functools
from pathlib import Path

from keras_drop.datasets.checking.count_checks import check_counts
from keras_drop.datasets.data_kind import (
    BUILT,
    FOLDER,
    KNOWN,
    TABLE,
    USED,
    data_kind,
    given_settings,
    is_taken,
)
from keras_drop.datasets.data_set import DATA_SETS
from keras_drop.datasets.files.own_columns import column_names
from keras_drop.datasets.files.table_file import table_columns
from keras_drop.datasets.own_data import OwnData
from keras_drop.datasets.packed.built_data import BuiltData
from keras_drop.datasets.packed.pack import TABLE as PACKED_TABLE
from keras_drop.datasets.packed.pack import is_packed
from keras_drop.datasets.packed.read_packed import read_packed
from keras_drop.datasets.readers.named_images import read_folders
from keras_drop.datasets.readers.own_table import read_table


@dataclasses.dataclass(frozen=True)
class DataSource:
    """Images by the one text that names them: what `--data` says everywhere.

    - `"TABLE.csv"` or `"TABLE.parquet"`: as `read_table` reads it.
    - `"NAME:FOLDER"`: a known data set, and where it is, also `pack`ed.
    - `"FOLDER"`, with a `pattern`: as `read_folders` reads it.
    - `"tfds:NAME"`, `"tfds:NAME/CONFIG"` or `"tfds:FOLDER"`: what TensorFlow
      Datasets built of `keras_drop.tfds`.

    Args:
        data: The text.
        own: `OwnData`: how a table or a folder is read.

    Raises:
        ValueError: A text that is none of these, or a setting of `own` that
            does nothing for it.

    Example:
    >>> from keras_drop.datasets import DataSource
    >>> DataSource("occluded_duke:/data/Occluded_Duke").name
    'occluded_duke'
    >>> DataSource("/data/my_shop.csv").name
    'my_shop'
    """

    data: str
    own: OwnData = OwnData()

    def __post_init__(self):
        useless = given_settings(self.own) - set(USED[self.kind])
        if useless:
            raise ValueError(
                f"`{min(useless)}` does nothing for {self.data}, which is "
                f"{self.kind}. Leave it out."
            )

    @property
    def kind(self):
        """A name of `data_kind`, such as `"a table"`."""
        return data_kind(self.data, self.own.pattern)

    @functools.cached_property
    def built(self):
        """`BuiltData` of TensorFlow Datasets; `None` for anything else."""
        if self.kind != BUILT:
            return None
        return BuiltData(self.data.partition(":")[2])

    @property
    def known(self):
        """`DataSet` of the name; `None` for own data."""
        if self.built:
            return DATA_SETS.get(self.built.name)
        if self.kind != KNOWN:
            return None
        return DATA_SETS[self.data.partition(":")[0]]

    @property
    def path(self):
        """`pathlib.Path` of the table or the folder."""
        if self.built:
            return self.built.folder
        return Path(self.data.partition(":")[2] if self.known else self.data)

    @property
    def name(self):
        """Name of the data, and of its protocol.

        Of own data that of the file or folder, with `own_` before it if a
        known data set is called so.
        """
        if self.known:
            return self.known.name
        if self.built:
            return self.built.name
        path = self.path.resolve()
        name = path.stem if self.kind == TABLE else path.name
        return f"own_{name}" if is_taken(name) else name

    @property
    def is_packed(self):
        """Whether it is a known data set that `pack` packed."""
        return self.kind == KNOWN and is_packed(self.path)

    @property
    def keeps_labels(self):
        """Whether labels are in itself: of a table, of packed or built data."""
        return self.kind in (TABLE, BUILT) or self.is_packed

    @property
    def camera_mode(self):
        """`"real"`, `"fake"` or `"none"`."""
        return self.known.camera_mode if self.known else self.own.camera_mode

    @property
    def label_format(self):
        """Format of the parsing labels that it usually has."""
        usual = self.known.label_format if self.known else "pifpaf36"
        return (self.built and self.built.label_format) or usual

    def has_labels(self, parsing_dir=None):
        """Whether it can have parsing labels; of a table only names are read.

        Raises:
            FileNotFoundError: There is no such table.
            ValueError: A folder of labels for data that has them in itself.
        """
        if not self.keeps_labels:
            return parsing_dir is not None
        self._refuse_folder(parsing_dir)
        if self.built:
            return self.built.has_labels()
        names = column_names(self.own.columns)
        column = names.get("parsing_path", "parsing_path")
        table = self.path / PACKED_TABLE if self.is_packed else self.path
        return column in table_columns(table)

    def read(self, parsing_dir=None, label_format="", strict_counts=False):
        """Reads it; opens no image.

        Args:
            parsing_dir: Folder of the parsing labels. Those of a table are in
                its column `parsing_path`.
            label_format: Their format; empty: what the data usually has.
            strict_counts: Whether to refuse a known data set that is not
                whole.

        Returns:
            Dictionary of `Records` for those of `"train"`, `"query"` and
            `"gallery"` that there are.

        Raises:
            FileNotFoundError: Folders or files that are missing.
            ValueError: What a reader refuses; a folder of labels for a table;
                other numbers of images than the known data set has.
        """
        label_format = label_format or self.label_format
        own = self.own
        if self.keeps_labels:
            self._refuse_folder(parsing_dir)
        if self.kind == TABLE:
            return read_table(self.path, own.columns, own.camera_mode)
        if self.kind == FOLDER:
            return read_folders(
                self.path,
                own.pattern,
                own.folders,
                parsing_dir,
                label_format,
                own.camera_mode,
            )
        if self.built:
            splits = self.built.read()
        elif self.is_packed:
            splits = read_packed(self.path, self.name)
        else:
            splits = self.known.read(self.path, parsing_dir, label_format)
        counts = self.known.counts if self.known else {}
        wrong = [f.message for f in check_counts(splits, counts)]
        if strict_counts and wrong:
            raise ValueError(
                f"{self.path} is not the whole of {self.name}: "
                f"{' '.join(wrong)} To read it nevertheless say --other_counts."
            )
        return splits

    def _refuse_folder(self, parsing_dir):
        if parsing_dir is not None:
            raise ValueError(
                f"`parsing_dir` does nothing for {self.data}: the labels of a "
                "table are in its column `parsing_path`, packed ones too."
            )

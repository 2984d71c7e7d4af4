import dataclasses
from pathlib import Path

from keras_drop.datasets.checking.count_checks import check_counts
from keras_drop.datasets.data_set import DATA_SETS
from keras_drop.datasets.data_sets import data_set
from keras_drop.datasets.files.own_columns import column_names
from keras_drop.datasets.files.table_file import is_table, table_columns
from keras_drop.datasets.own_data import OwnData
from keras_drop.datasets.packed.pack import TABLE, is_packed
from keras_drop.datasets.packed.read_packed import read_packed
from keras_drop.datasets.readers.named_images import read_folders
from keras_drop.datasets.readers.own_table import read_table

# The settings of `OwnData` that count for each kind of data.
_USED = {
    "a table": ("columns", "camera_mode"),
    "a folder": ("pattern", "folders", "camera_mode"),
    "a known data set": (),
}


@dataclasses.dataclass(frozen=True)
class DataSource:
    """Images by the one text that names them: what `--data` says everywhere.

    - `"TABLE.csv"` or `"TABLE.parquet"`: as `read_table` reads it.
    - `"NAME:FOLDER"`: a known data set, and where it is, also `pack`ed.
    - `"FOLDER"`, with a `pattern`: as `read_folders` reads it.

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
        useless = _given(self.own) - set(_USED[self.kind])
        if useless:
            raise ValueError(
                f"`{min(useless)}` does nothing for {self.data}, which is "
                f"{self.kind}. Leave it out."
            )

    @property
    def kind(self):
        """`"a table"`, `"a folder"` or `"a known data set"`."""
        return _kind(self.data, self.own.pattern)

    @property
    def known(self):
        """`DataSet` of the name; `None` for own data."""
        if self.kind != "a known data set":
            return None
        return DATA_SETS[self.data.partition(":")[0]]

    @property
    def path(self):
        """`pathlib.Path` of the table or the folder."""
        return Path(self.data.partition(":")[2] if self.known else self.data)

    @property
    def name(self):
        """Name of the data, and of its protocol.

        Of own data that of the file or folder, with `own_` before it if a
        known data set is called so.
        """
        if self.known:
            return self.known.name
        path = self.path.resolve()
        name = path.stem if self.kind == "a table" else path.name
        return f"own_{name}" if is_taken(name) else name

    @property
    def is_packed(self):
        """Whether it is a known data set that `pack` packed."""
        return self.known is not None and is_packed(self.path)

    @property
    def camera_mode(self):
        """`"real"`, `"fake"` or `"none"`."""
        return self.known.camera_mode if self.known else self.own.camera_mode

    @property
    def label_format(self):
        """Format of the parsing labels that it usually has."""
        return self.known.label_format if self.known else "pifpaf36"

    def has_labels(self, parsing_dir=None):
        """Whether it can have parsing labels; of a table only names are read.

        Raises:
            FileNotFoundError: There is no such table.
            ValueError: A folder of labels for a table.
        """
        if self.kind != "a table" and not self.is_packed:
            return parsing_dir is not None
        self._refuse_folder(parsing_dir)
        names = column_names(self.own.columns)
        column = names.get("parsing_path", "parsing_path")
        table = self.path / TABLE if self.is_packed else self.path
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
        if self.kind == "a table":
            self._refuse_folder(parsing_dir)
            return read_table(self.path, own.columns, own.camera_mode)
        if self.kind == "a folder":
            return read_folders(
                self.path,
                own.pattern,
                own.folders,
                parsing_dir,
                label_format,
                own.camera_mode,
            )
        if self.is_packed:
            self._refuse_folder(parsing_dir)
            splits = read_packed(self.path, self.name)
        else:
            splits = self.known.read(self.path, parsing_dir, label_format)
        wrong = [f.message for f in check_counts(splits, self.known.counts)]
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


def data_sources(data, own=OwnData()):
    """Several `DataSource`s, each with the settings that are of its kind.

    Args:
        data: Texts as of `DataSource`, separated by commas.
        own: `OwnData` of all that are tables or folders.

    Returns:
        Tuple of `DataSource`s.

    Raises:
        ValueError: A text that is none, two of the same name, or a setting
            that does nothing for any of them.

    Example:
    >>> from keras_drop.datasets import OwnData, data_sources
    >>> own = OwnData(columns=("identity:pid",))
    >>> [s.name for s in data_sources("market1501:market,shop.csv", own)]
    ['market1501', 'shop']
    """
    texts = data.split(",")
    if len(texts) == 1:
        return (DataSource(data, own),)
    sources = []
    for text in texts:
        used = _USED[_kind(text, own.pattern)]
        settings = {name: getattr(own, name) for name in used}
        sources.append(DataSource(text, OwnData(**settings)))
    useful = set().union(*(_USED[source.kind] for source in sources))
    useless = _given(own) - useful
    if useless:
        raise ValueError(f"`{min(useless)}` does nothing for {data}.")
    names = [source.name for source in sources]
    if len(set(names)) < len(names):
        raise ValueError(
            f"The data {data} has the names {', '.join(names)}, two of them "
            "alike. Name each file or folder in its own way."
        )
    return tuple(sources)


def is_taken(name):
    """Whether a name is that of a known data set, or of its protocol."""
    plain = name.lower().replace("-", "_").removesuffix("_single_shot")
    return plain in DATA_SETS


def _kind(data, pattern):
    before, colon, after = data.partition(":")
    if is_table(data):
        return "a table"
    if colon and before in DATA_SETS and after:
        return "a known data set"
    if data and pattern:
        return "a folder"
    if colon and after:
        data_set(before)  # Which says what it nearly is.
    raise ValueError(
        f"`data` is {data!r}. It is NAME:FOLDER, a known data set and where it "
        "is; TABLE.csv or TABLE.parquet; or FOLDER, with a `pattern`. Known "
        f"names: {', '.join(DATA_SETS)}."
    )


def _given(own):
    """Names of the settings that are not as they are by themselves."""
    return {
        field.name
        for field in dataclasses.fields(own)
        if getattr(own, field.name) != field.default
    }

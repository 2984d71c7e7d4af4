"""What TensorFlow Datasets built, by the text that names it."""

import dataclasses
import functools
import re
from pathlib import Path

from keras_drop.datasets.labels.label_formats import LABEL_FORMATS
from keras_drop.datasets.packed.read_tfds import built_rows, read_tfds

INFO = "dataset_info.json"
_NAME = re.compile(r"(?P<name>\w+)(/\w+)?(:[\d.]+)?")


@dataclasses.dataclass(frozen=True)
class BuiltData:
    """A data set that TensorFlow Datasets built of `keras_drop.tfds`.

    Nothing is built and no network is asked. Needs the package
    `tensorflow-datasets`, and no TensorFlow.

    Args:
        text: Its name, as `"occluded_duke"` or `"occluded_duke/pifpaf36"`,
            looked for where `TFDS_DATA_DIR` says, or in
            `~/tensorflow_datasets`; or the folder in which it is, with its
            `dataset_info.json`.

    Example:
    >>> from keras_drop.datasets.packed.built_data import BuiltData
    >>> BuiltData("occluded_duke/pifpaf36").name
    'occluded_duke'
    """

    text: str

    @property
    def name(self):
        """Name of the data set.

        Raises:
            FileNotFoundError: There is no such folder.
        """
        named = _NAME.fullmatch(self.text)
        return named["name"] if named else self.builder.name

    @property
    def folder(self):
        """`pathlib.Path` of its folder."""
        return Path(self.builder.data_dir)

    @property
    def label_format(self):
        """Format of its labels, empty where it does not tell."""
        config = self.builder.builder_config
        name = config.name if config is not None else ""
        return name if name in LABEL_FORMATS else ""

    @functools.cached_property
    def builder(self):
        """What reads its description.

        Raises:
            FileNotFoundError: It is not there.
            ImportError: TensorFlow Datasets is not installed.
        """
        try:
            import tensorflow_datasets as tfds
            from tensorflow_datasets.core import read_only_builder
        except ImportError as error:
            raise ImportError(
                f"tfds:{self.text} is read by TensorFlow Datasets: pip install "
                "'keras_drop[tfds]'."
            ) from error
        if not _NAME.fullmatch(self.text):
            if not (Path(self.text) / INFO).is_file():
                raise FileNotFoundError(
                    f"{self.text} has no {INFO}: it is no folder of a data set "
                    "that TensorFlow Datasets built, such as "
                    "occluded_duke/images/1.0.0 in their `data_dir`."
                )
            return tfds.builder_from_directory(self.text)
        try:
            return read_only_builder.builder_from_files(self.text)
        except tfds.core.DatasetNotFoundError:
            raise FileNotFoundError(
                f"TensorFlow Datasets have not built {self.text} in "
                f"{tfds.core.constants.DATA_DIR}: call `download_and_prepare` "
                f"of `tfds.builder({self.text!r})` after `import "
                "keras_drop.tfds`, or say by TFDS_DATA_DIR where it is."
            ) from None

    def has_labels(self):
        """Whether there is a parsing label of a training image."""
        splits = self.builder.info.splits
        if "train" not in splits:
            return False
        rows = built_rows(self.name, splits["train"].filepaths)
        return any(row["parsing_paths"] for row in rows)

    def read(self):
        """Dictionary of `Records`, as of `read_tfds`."""
        return read_tfds(self.builder)

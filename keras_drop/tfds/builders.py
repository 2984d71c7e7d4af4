"""One builder for each data set that has a name."""

import dataclasses

import numpy as np

from keras_drop.datasets import DATA_SETS, LABEL_FORMATS, read_table
from keras_drop.datasets.embedded_pedestrians import render_embedded_pedestrians
from keras_drop.datasets.files.table_file import ENDINGS
from keras_drop.tfds.examples import examples

try:
    import tensorflow_datasets as tfds
except ImportError as error:
    raise ImportError(
        "keras_drop.tfds needs TensorFlow Datasets: pip install "
        "'keras_drop[tfds]'."
    ) from error

_PRESETS = ("mini", "small", "medium", "full")


@dataclasses.dataclass(kw_only=True)
class LabelConfig(tfds.core.BuilderConfig):
    """Which parsing labels a data set is built with.

    Args:
        label_format: A name of `LABEL_FORMATS`; empty for none.
    """

    label_format: str = ""


class ReIDBuilder(tfds.core.GeneratorBasedBuilder, skip_registration=True):
    """A data set of `keras_drop.datasets` as TensorFlow Datasets have them.

    Splits are `"train"`, where there is one, `"query"` and `"gallery"`.
    Examples have `image`, `(height, width, 3)` uint8, `identity` and `camera`,
    numbers as the data set has them, `path`, `parsing`, the bytes of the label
    file, and `columns`, further columns as JSON. Examples are in the order of
    the reader.

    The images are never downloaded: `manual_dir` holds the folder of the data
    set, or is it. Labels, of a config that is called like their format, lie in
    its folder `parsing`.
    """

    VERSION = tfds.core.Version("1.0.0")
    MANUAL_DOWNLOAD_INSTRUCTIONS = (
        "manual_dir holds the folder of the data set, as its owners give it to "
        "who asks them, or is this folder. Labels lie in its folder `parsing`."
    )
    BUILDER_CONFIGS = [
        LabelConfig(name="images", description="without parsing labels"),
        *(
            LabelConfig(
                name=name, label_format=name, description=f"with {name} labels"
            )
            for name in LABEL_FORMATS
            if name not in ("stripes", "custom")
        ),
    ]
    data_set = None

    def _info(self):
        text = tfds.features.Text()
        return self.dataset_info_from_configs(
            features=tfds.features.FeaturesDict(
                {
                    "image": tfds.features.Image(shape=(None, None, 3)),
                    "identity": np.int64,
                    "camera": np.int64,
                    "path": text,
                    "parsing": tfds.features.Tensor(shape=(), dtype=np.str_),
                    "columns": text,
                }
            ),
            supervised_keys=("image", "identity"),
            disable_shuffling=True,
        )

    def _split_generators(self, dl_manager):
        splits = self.read_splits(dl_manager)
        return {split: examples(records) for split, records in splits.items()}

    def _generate_examples(self, records):
        return examples(records)

    def read_splits(self, dl_manager):
        """Dictionary of `Records`.

        Args:
            dl_manager: Of TensorFlow Datasets, which knows `manual_dir`.
        """
        root = dl_manager.manual_dir
        if (root / self.data_set.folder).is_dir():
            root = root / self.data_set.folder
        label_format = self.builder_config.label_format
        labels = root / "parsing" if label_format else None
        return self.data_set.read(
            root, labels, label_format or self.data_set.label_format
        )


class OwnTable(ReIDBuilder):
    """A table of one's own, as of `read_table`: the only one in `manual_dir`.

    Its labels are those of its column `parsing_path`.
    """

    BUILDER_CONFIGS = [LabelConfig(name="images")]
    MANUAL_DOWNLOAD_INSTRUCTIONS = (
        "manual_dir holds one table, .csv or .parquet, that lists the images."
    )

    def read_splits(self, dl_manager):
        folder = dl_manager.manual_dir
        tables = [f for f in folder.iterdir() if f.suffix.lower() in ENDINGS]
        if len(tables) != 1:
            raise FileNotFoundError(
                f"{folder} holds {len(tables)} tables, .csv or .parquet; it "
                "has to be one."
            )
        return read_table(tables[0])


class EmbeddedPedestrians(ReIDBuilder):
    """The embedded pedestrians with part labels, drawn when they are built.

    Configs are the presets. They are drawn to the folder of downloads, and
    stay there.
    """

    BUILDER_CONFIGS = [
        LabelConfig(name=preset, label_format="densepose14")
        for preset in _PRESETS
    ]
    MANUAL_DOWNLOAD_INSTRUCTIONS = None

    def read_splits(self, dl_manager):
        preset = self.builder_config.name
        folder = dl_manager.download_dir / f"embedded_pedestrians_{preset}"
        folder.parent.mkdir(parents=True, exist_ok=True)
        root = render_embedded_pedestrians(folder, preset)
        known = DATA_SETS[self.name]
        return known.read(root, root / "parts", "densepose14")


def builder_class(data_set):
    """The builder of a declared data set, made known to TensorFlow Datasets.

    Args:
        data_set: `DataSet`.

    Returns:
        Subclass of `ReIDBuilder`.
    """
    names = {"name": data_set.name, "data_set": data_set}
    names |= {"__doc__": data_set.title, "__module__": __name__}
    title = "".join(word.title() for word in data_set.name.split("_"))
    return type(title, (ReIDBuilder,), names)


for _data_set in DATA_SETS.values():
    if _data_set.name != EmbeddedPedestrians.name:
        builder_class(_data_set)

import dataclasses

from keras_drop.checks import checked_choice
from keras_drop.datasets.files.fake_cameras import CAMERA_MODES, FAKE_CAMERAS
from keras_drop.datasets.files.own_columns import column_names
from keras_drop.datasets.files.own_names import OwnNames
from keras_drop.flags import flag


@dataclasses.dataclass(frozen=True)
class OwnData:
    """Own data: how a table or a folder of one's own is read.

    Args:
        pattern: Of a folder: regular expression of the names of its images,
            as of `read_folders`.
        folders: Of a folder: names of those in it with the images to train
            on, the queries and the gallery; empty for one there is not.
        columns: Of a table: names of its columns that are other, as
            `("identity:pid",)`.
        camera_mode: `"real"`, or `"none"` for images of unknown cameras.

    Raises:
        ValueError: A pattern without its groups, not three folders, a column
            that is not known.

    Example:
    >>> from keras_drop.datasets import OwnData
    >>> OwnData(r"(?P<identity>\\w+)-.*", camera_mode="none").folders
    ('train', 'query', 'gallery')
    """

    pattern: str = flag(
        "", "of a folder: regular expression with the group identity, camera"
    )
    folders: tuple[str, ...] = flag(
        tuple(FAKE_CAMERAS), "of a folder: those of train,query,gallery in it"
    )
    columns: tuple[str, ...] = flag(
        (), "of a table: columns of other names, as identity:pid,camera:camid"
    )
    camera_mode: str = flag("real", "of a table or a folder: real, or none")

    def __post_init__(self):
        checked_choice("camera_mode", self.camera_mode, CAMERA_MODES)
        column_names(self.columns)
        if self.pattern:
            OwnNames(self.pattern, self.camera_mode == "real")
        if len(self.folders) != len(FAKE_CAMERAS):
            raise ValueError(
                f"`folders` is {','.join(self.folders)!r}; it names those of "
                "train,query,gallery, empty for one there is not."
            )

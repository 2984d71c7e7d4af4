"""What is known of a data set by its name, and where it is declared."""

import dataclasses
import typing

DATA_SETS = {}
"""The data sets by name, such as `"occluded_duke"`: each is declared in the
file of its reader."""


@dataclasses.dataclass(frozen=True)
class DataSet:
    """A data set: how to read it, what it consists of, how it is evaluated.

    Its reader's file declares it, by `declare(DataSet(...))`. From that alone
    follow its name on the command line and as a protocol, what `check` expects
    of it, what error messages say of foreign files, and its tests.

    Args:
        name: Its name.
        read: Its reader: a function of `root`, `parsing_dir` and
            `label_format` that returns a dictionary of `Records`.
        names: `ImageNames`: what its file names say.
        files: For each split, `"train"` where it has one, `"query"` and
            `"gallery"`, the paths of its images in `root`: templates with
            `{identity}`, `{number}`, of the image, and `{camera}`, one a
            folder. Without `{identity}` the identity is 0.
        folder: Name of the folder that `root` is when it is unpacked.
        counts: For each split the `(identities, images)` of the whole data
            set, `None` for a number that is not sure; `"all"` for the sum of
            training and test. Empty where any number is right.
        camera_mode: `"real"`: gallery images of the query's identity and
            camera are junk; `"fake"`: queries have camera 0, the gallery
            camera 1, and nothing is.
        shared_numbers: Whether an identity of training that is one of the
            test too is the same person, which must not be.
        label_format: Format of the parsing labels it usually has.
        label_names: File names of the formats that it names in another way,
            as of `ParsingFiles`.
        lists: For each split the files that list its images, where there are
            such.
        differs: What is different from the data sets whose name begins alike:
            a user has to say which of them is meant.

    Example:
    >>> from keras_drop.datasets import data_set
    >>> data_set("occluded_reid").camera_mode
    'fake'
    """

    name: str
    read: typing.Callable
    names: object
    files: dict
    folder: str
    counts: dict = dataclasses.field(default_factory=dict)
    camera_mode: str = "real"
    shared_numbers: bool = True
    label_format: str = "pifpaf36"
    label_names: dict = dataclasses.field(default_factory=dict)
    lists: dict = dataclasses.field(default_factory=dict)
    differs: str = ""

    @property
    def title(self):
        """What publications call it."""
        return self.names.data_set

    @property
    def folders(self):
        """Lower-case names of the folders in `root`."""
        paths = [path for paths in self.files.values() for path in paths]
        return {path.split("/")[0].lower() for path in paths}

    @property
    def signs(self):
        """Lower-case names of the folders and lists in `root`."""
        return self.folders.union(*self.lists.values())


def declare(*data_sets):
    """Makes data sets known by their names.

    Raises:
        ValueError: Another one has the name.
    """
    for data_set in data_sets:
        if data_set.name in DATA_SETS:
            raise ValueError(
                f"There are two data sets {data_set.name!r}: of "
                f"{DATA_SETS[data_set.name].title} and of {data_set.title}."
            )
        DATA_SETS[data_set.name] = data_set

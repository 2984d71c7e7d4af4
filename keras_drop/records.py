"""`Records`: which images there are, one row an image."""

import numpy as np

from keras_drop.files.npz_file import read_npz


class Records:
    """Images of people, one row each: what a data set reader returns.

    Args:
        paths: `(num_images,)` strings, the image files.
        identities: `(num_images,)` integers, as the data set numbers them;
            `-1` is junk.
        cameras: `(num_images,)` integers, from 0.
        parsing_paths: `(num_images,)` strings, the parsing label of each
            image, empty where it has none. Left out, no image has one.
        **columns: Further `(num_images,)` columns, kept under their name.

    Raises:
        ValueError: Columns of different lengths, of more than one axis, or
            identities and cameras that are not whole numbers.

    Example:
    >>> from keras_drop import Records
    >>> records = Records(["a.jpg", "b.jpg"], [7, 9], [0, 1], view=["f", "b"])
    >>> len(records), records[records.identities == 9].view.tolist()
    (2, ['b'])
    """

    def __init__(
        self, paths, identities, cameras, parsing_paths=None, **columns
    ):
        paths = np.asarray(paths, str)
        if parsing_paths is None:
            parsing_paths = np.full(paths.shape, "")
        self._columns = {
            "paths": paths,
            "identities": _whole_numbers("identities", identities),
            "cameras": _whole_numbers("cameras", cameras),
            "parsing_paths": np.asarray(parsing_paths, str),
            **{name: np.asarray(values) for name, values in columns.items()},
        }
        for name, values in self._columns.items():
            if values.shape != (len(paths),):
                raise ValueError(
                    f"Records of {len(paths)} images need {len(paths)} values "
                    f"in `{name}`; its shape is {values.shape}."
                )

    def __len__(self):
        return len(self._columns["paths"])

    def __getattr__(self, name):
        try:
            return self.__dict__["_columns"][name]
        except KeyError:
            raise AttributeError(f"These records have no `{name}`.") from None

    def __getitem__(self, rows):
        """`Records` of the chosen rows: a mask, a slice or row numbers."""
        return Records(**{k: v[rows] for k, v in self._columns.items()})

    def __repr__(self):
        return (
            f"Records({len(self)} images, "
            f"{len(np.unique(self.identities))} identities, "
            f"{len(np.unique(self.cameras))} cameras)"
        )

    @property
    def column_names(self):
        """Names of all columns, the four fixed ones first."""
        return tuple(self._columns)

    @classmethod
    def load(cls, path):
        """Reads the records of a `.npz` file of `Descriptors.save`.

        Args:
            path: A `.npz` file with `identities` and `cameras`, `(num_images,)`
                whole numbers; with `paths`, without which images are known by
                their number; and with any further columns. Its arrays
                `embeddings`, `visibility` and `names` are those of
                `Descriptors`.

        Returns:
            `Records`.

        Raises:
            FileNotFoundError: There is no such file.
            ValueError: A file of another kind, a missing array, or values that
                `Records` refuse; the message names the file.

        Example:
        >>> import tempfile
        >>> import numpy as np
        >>> from keras_drop import Descriptors, Records
        >>> path = f"{tempfile.mkdtemp()}/query.npz"
        >>> records = Records(["a.jpg"], [7], [0], view=["front"])
        >>> Descriptors(np.ones((1, 2))).save(path, records)
        >>> Records.load(path).view.tolist()
        ['front']
        """
        # The names of `descriptors.ARRAYS`, which is on the same floor.
        others = ("embeddings", "visibility", "names")
        arrays = read_npz(path, lambda name: name not in others)
        missing = [
            name for name in ("identities", "cameras") if name not in arrays
        ]
        if missing:
            raise ValueError(
                f"{path} has no {' and no '.join(missing)}, but "
                f"{', '.join(arrays) or 'no column'}."
            )
        if "paths" not in arrays:
            numbers = range(len(arrays["identities"]))
            arrays["paths"] = np.array([f"{row:08}" for row in numbers], str)
        try:
            return cls(**arrays)
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from None


def _whole_numbers(name, values):
    values = np.asarray(values)
    if values.size and values.dtype.kind not in "iu":
        raise ValueError(
            f"`{name}` are whole numbers; these are {values.dtype}. "
            "Convert them, for example with `.astype('int64')`."
        )
    return values.astype("int64")

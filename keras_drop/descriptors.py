"""`Descriptors`: what a model says of each image, all that is compared."""

import numpy as np

from keras_drop.files.npz_file import read_npz

# What a file holds of descriptors; its other arrays are columns of records.
ARRAYS = ("embeddings", "visibility", "names")


class Descriptors:
    """Embeddings of images, one per body part, and which parts are seen.

    Evaluation, search, reports and exported models speak only this. A model
    without parts gives one embedding, visible everywhere.

    An embedding of zeros, such as that of a hidden part, is allowed: whoever
    compares takes it as orthogonal to all others.

    Args:
        embeddings: `(num_images, num_embeddings, dim)` or
            `(num_images, dim)` finite numbers. Kept as float32: an array of
            that type, also a memory-mapped file, is not copied and must not
            change; all others, such as float64 or bfloat16, are converted.
            Normalised to unit length by whoever compares them, not here.
        visibility: `(num_images, num_embeddings)`, bool, or numbers in
            `[0, 1]`, kept as float32. Left out, everything is visible.
        names: Names of the embeddings, such as `("foreground", "head")`.

    Raises:
        ValueError: Shapes that do not fit, values that are no numbers or not
            finite, visibility outside `[0, 1]`; the message names the first
            row.

    Example:
    >>> import numpy as np
    >>> from keras_drop import Descriptors
    >>> descriptors = Descriptors(np.ones((4, 2, 8)), np.ones((4, 2), bool))
    >>> descriptors.embeddings.shape, descriptors.names
    ((4, 2, 8), ('embedding_0', 'embedding_1'))
    """

    def __init__(self, embeddings, visibility=None, names=None):
        embeddings = np.asarray(embeddings)
        if embeddings.ndim == 2:
            embeddings = embeddings[:, None, :]
        if embeddings.ndim != 3 or 0 in embeddings.shape[1:]:
            raise ValueError(
                "Embeddings have the shape (images, embeddings, dim) or "
                "(images, dim), with at least one embedding of one value; "
                f"these have {embeddings.shape}."
            )
        self.embeddings = _as_float32("Embeddings", embeddings)
        _refuse_rows(
            self.embeddings,
            np.isfinite,
            "The embeddings of image {row} hold {value}; they are finite "
            "float32 numbers. Leave the image out, or embed it again.",
        )
        count, num_embeddings = self.embeddings.shape[:2]
        if visibility is None:
            visibility = np.ones((count, num_embeddings), bool)
        visibility = np.asarray(visibility)
        if visibility.shape != (count, num_embeddings):
            raise ValueError(
                f"Embeddings {self.embeddings.shape} need a visibility "
                f"{(count, num_embeddings)}; it is {visibility.shape}."
            )
        if visibility.dtype != bool:
            visibility = _as_float32("Visibility", visibility)
            _refuse_rows(
                visibility,
                lambda block: (block >= 0) & (block <= 1),
                "The visibility of image {row} holds {value}; it is in "
                "[0, 1], or bool. Clip it, or threshold it.",
            )
        self.visibility = visibility
        self.names = tuple(
            names or (f"embedding_{k}" for k in range(num_embeddings))
        )
        if len(self.names) != num_embeddings:
            raise ValueError(
                f"{num_embeddings} embeddings need as many names; "
                f"got {len(self.names)}: {', '.join(self.names)}."
            )

    def __len__(self):
        return len(self.embeddings)

    def __getitem__(self, rows):
        """`Descriptors` of the chosen rows: a mask, a slice or numbers."""
        if isinstance(rows, int | np.integer):
            raise ValueError(
                f"Rows are chosen by a mask, a slice or a list of numbers; "
                f"{rows} is one number. Take [[{rows}]]."
            )
        return Descriptors(
            self.embeddings[rows], self.visibility[rows], self.names
        )

    def __repr__(self):
        images, embeddings, dim = self.embeddings.shape
        return f"Descriptors({images} images, {embeddings} x {dim})"

    def save(self, path, records=None):
        """Writes a `.npz` file, with the records of the images if given.

        Args:
            path: The file; `load` and `Records.load` read it, and so does
                `python -m keras_drop evaluate`.
            records: `Records` of the images, whose columns are kept, but for
                the paths of parsing labels.

        Raises:
            ValueError: Not as many records as descriptors, or a column with
                the name of what the file holds already.
        """
        columns = {}
        if records is not None:
            if len(records) != len(self):
                raise ValueError(
                    f"There are {len(self)} descriptors and {len(records)} "
                    "records; they describe the same images, row by row."
                )
            columns = {
                name: getattr(records, name)
                for name in records.column_names
                if name != "parsing_paths"
            }
        both = [name for name in ARRAYS if name in columns]
        if both:
            raise ValueError(
                f"The records have columns named {', '.join(both)}, as the "
                "descriptors have. Give them another name."
            )
        np.savez(
            path,
            embeddings=self.embeddings,
            visibility=self.visibility,
            names=np.array(self.names),
            **columns,
        )

    @classmethod
    def load(cls, path):
        """Reads what `save` wrote, or embeddings of another origin.

        The file is read into memory, as every `.npz` file. Embeddings that
        are too large for it are mapped from a `.npy` file:
        `Descriptors(np.load("embeddings.npy", mmap_mode="r"), visibility)`.

        Args:
            path: A `.npz` file with `embeddings`, and, if it has them,
                `visibility` and `names`.

        Returns:
            `Descriptors`.

        Raises:
            FileNotFoundError: There is no such file.
            ValueError: A file of another kind, one without `embeddings`, or
                values that `Descriptors` refuse; the message names the file.
        """
        arrays = read_npz(path, ARRAYS.__contains__)
        if "embeddings" not in arrays:
            raise ValueError(
                f"{path} has no `embeddings`. Write a file that has them by "
                "`Descriptors(...).save(path)`."
            )
        names = arrays["names"].tolist() if "names" in arrays else None
        try:
            return cls(arrays["embeddings"], arrays.get("visibility"), names)
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from None


# Values checked at a time, so that a mapped file is never in memory whole.
_BLOCK = 1 << 20


def _as_float32(what, values):
    """`values` as float32, the same array if they are."""
    # Types that other packages add to NumPy, such as bfloat16, are of kind V.
    if values.dtype.kind not in "biuf" and values.dtype.isbuiltin != 2:
        raise ValueError(
            f"{what} are numbers; these are of the type {values.dtype}. "
            "Convert them, for example with `.astype('float32')`."
        )
    with np.errstate(over="ignore"):
        return values.astype("float32", copy=False)


def _refuse_rows(values, is_right, message):
    """Names the first row with a wrong value, and that value."""
    step = max(_BLOCK // (values[:1].size or 1), 1)
    for start in range(0, len(values), step):
        block = values[start : start + step]
        wrong = np.argwhere(~is_right(block))
        if len(wrong):
            row, value = start + wrong[0][0], block[tuple(wrong[0])]
            raise ValueError(message.format(row=row, value=value))

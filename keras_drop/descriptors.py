"""`Descriptors`: what a model says of each image, all that is compared."""

import numpy as np


class Descriptors:
    """Embeddings of images, one per body part, and which parts are seen.

    Evaluation, search, reports and exported models speak only this. A model
    without parts gives one embedding, visible everywhere.

    Args:
        embeddings: `(num_images, num_embeddings, dim)` or
            `(num_images, dim)` finite floats; kept as float32. Normalised to
            unit length by whoever compares them, not here.
        visibility: `(num_images, num_embeddings)`, bool, or float in
            `[0, 1]`, kept as float32. Left out, everything is visible.
        names: Names of the embeddings, such as `("foreground", "head")`.

    Raises:
        ValueError: Shapes that do not fit, visibility outside `[0, 1]`,
            values that are not finite; the message names the first row.

    Example:
    >>> descriptors = Descriptors(np.ones((4, 2, 8)), np.ones((4, 2), bool))
    >>> descriptors.embeddings.shape, descriptors.names
    ((4, 2, 8), ('embedding_0', 'embedding_1'))
    """

    def __init__(self, embeddings, visibility=None, names=None):
        embeddings = np.asarray(embeddings)
        if embeddings.ndim == 2:
            embeddings = embeddings[:, None, :]
        if embeddings.ndim != 3:
            raise ValueError(
                "Embeddings have the shape (images, embeddings, dim) or "
                f"(images, dim); these have {embeddings.shape}."
            )
        self.embeddings = embeddings.astype("float32")
        _refuse_rows(
            ~np.isfinite(self.embeddings).all(axis=(1, 2)),
            "The embeddings of image {row} are not finite.",
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
            visibility = visibility.astype("float32")
            _refuse_rows(
                ~((visibility >= 0) & (visibility <= 1)).all(axis=1),
                "The visibility of image {row} is outside [0, 1].",
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
        return Descriptors(
            self.embeddings[rows], self.visibility[rows], self.names
        )

    def __repr__(self):
        images, embeddings, dim = self.embeddings.shape
        return f"Descriptors({images} images, {embeddings} x {dim})"

    def save(self, path):
        """Writes a `.npz` file."""
        np.savez(
            path,
            embeddings=self.embeddings,
            visibility=self.visibility,
            names=np.array(self.names),
        )

    @classmethod
    def load(cls, path):
        """Reads what `save` wrote."""
        with np.load(path, allow_pickle=False) as file:
            return cls(
                file["embeddings"], file["visibility"], file["names"].tolist()
            )


def _refuse_rows(wrong, message):
    if wrong.any():
        raise ValueError(message.format(row=int(np.argmax(wrong))))

import dataclasses

from keras_drop.files.image_file import decode_image, rgb_pixels


@dataclasses.dataclass(frozen=True, eq=False)
class ExplainedQuery:
    """One query and those found for it, for `save_explanations`.

    Args:
        photos: List of `(height, width, 3)` uint8 arrays of the query.
        pictures: List of the `k` images found, nearest first: arrays, the
            bytes of image files, or `None` where none is kept.
        comparison: `evaluation.PartComparison` of the query with them; a place
            of nobody, `-1`, is left out of the page.
        row: Which query of the comparison it is.
        part_maps: For each photo, then each picture, a `(h, w, num_parts + 1)`
            map, background first, or `None`; `None` for no maps at all.
        captions: `k` dictionaries of what else is known, such as the identity.
        verdicts: `k` pairs of a word, `"same"`, `"different"` or another, and
            its probability, which may be NaN.
        parts: Names of the parts that were asked for; left out, all.

    Raises:
        ValueError: Lists that do not fit each other.

    Example:
    >>> import numpy as np
    >>> from keras_drop import Descriptors
    >>> from keras_drop.evaluation import compare_parts
    >>> from keras_drop.visualization import ExplainedQuery
    >>> person = Descriptors([[1.0, 0.0]])
    >>> grey = np.full((40, 20, 3), 99, "uint8")
    >>> query = ExplainedQuery(
    ...     [grey], [grey], compare_parts(person, person, [[0]]))
    >>> query.num_found
    1
    """

    photos: list
    pictures: list
    comparison: object
    row: int = 0
    part_maps: list | None = None
    captions: list | None = None
    verdicts: list | None = None
    parts: tuple | None = None

    def __post_init__(self):
        count = self.num_found
        wanted = {
            "pictures": count,
            "captions": count,
            "verdicts": count,
            "part_maps": len(self.photos) + count,
        }
        for name, length in wanted.items():
            given = getattr(self, name)
            if given is not None and len(given) != length:
                raise ValueError(
                    f"{len(self.photos)} photos with {count} images found "
                    f"need {length} `{name}`; got {len(given)}."
                )

    @property
    def num_found(self):
        """How many images were found."""
        return self.comparison.distances.shape[1]

    def images(self):
        """Pairs of the pixels and the part map of each photo and picture.

        Either of the two is `None` where there is none.
        """
        maps = self.part_maps
        if maps is None:
            maps = [None] * (len(self.photos) + len(self.pictures))
        return [
            (_pixels(image), part_map)
            for image, part_map in zip([*self.photos, *self.pictures], maps)
        ]


def _pixels(image):
    if isinstance(image, bytes):
        return decode_image(image, rgb_pixels, "A picture that was found")
    return image

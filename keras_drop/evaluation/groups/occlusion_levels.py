import numpy as np
from numpy.typing import ArrayLike


def occlusion_levels(occlusion: ArrayLike) -> np.ndarray:
    """Names the level of occlusion of each image, in steps of ten percent.

    Args:
        occlusion: `(n,)` floats in `[0, 1]`, the hidden share of the person.

    Returns:
        `(n,)` strings such as `"30-40 %"`, which sort in ascending order. A
        level holds its lower end; the last one holds both.

    Raises:
        ValueError: A share outside `[0, 1]`.

    Example:
    >>> from keras_drop.evaluation import occlusion_levels
    >>> occlusion_levels([0.0, 0.3, 0.55, 1.0]).tolist()
    ['0-10 %', '30-40 %', '50-60 %', '90-100 %']
    """
    occlusion = np.asarray(occlusion, "float64")
    wrong = ~((occlusion >= 0) & (occlusion <= 1))
    if wrong.any():
        row = int(np.argmax(wrong))
        raise ValueError(
            f"Occlusion is a share in [0, 1]; that of image {row} is "
            f"{occlusion[row]}."
        )
    # Rounded, because 0.7 as float32 is a little less than 0.7.
    lower = np.minimum(np.floor(np.round(10 * occlusion, 4)), 9).astype(int)
    return np.array([f"{10 * low}-{10 * low + 10} %" for low in lower], str)


def known_levels(occlusion: ArrayLike) -> dict[str, np.ndarray]:
    """The images of each level, as `stratify` takes them.

    Args:
        occlusion: As of `occlusion_levels`, or NaN where it is unknown; such
            an image is of no level.

    Returns:
        Dictionary from each level that there is, in ascending order, to
        `(n,)` bool.

    Raises:
        ValueError: A share outside `[0, 1]`.

    Example:
    >>> from keras_drop.evaluation.groups.occlusion_levels import known_levels
    >>> {k: v.tolist() for k, v in known_levels([0.3, float("nan")]).items()}
    {'30-40 %': [True, False]}
    """
    occlusion = np.asarray(occlusion, "float64")
    known = ~np.isnan(occlusion)
    # What is unknown borrows a share that is one, and is taken out again.
    levels = occlusion_levels(np.where(known, occlusion, 0.0))
    return {
        level.item(): known & (levels == level)
        for level in np.unique(levels[known])
    }

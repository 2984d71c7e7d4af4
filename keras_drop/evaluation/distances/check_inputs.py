"""What evaluation refuses, in clear words."""

import numpy as np

_CHOICES = {
    "metric": ("euclidean", "sqeuclidean", "cosine"),
    "combine": (
        "visibility_mean",
        "visibility_max",
        "plain",
        "hpnet_release",
    ),
    "visibility_weight": ("sqrt", "product"),
    "no_common": ("sentinel", "max_plus_1"),
    "average_precision": ("standard", "trapezoid"),
    "ties": ("pessimistic", "optimistic", "stable"),
    "camera_mode": ("real", "fake", "none"),
    "preset": ("zhong2017", "torchreid", "transreid"),
    "rerank": ("off", "zhong2017", "torchreid", "transreid"),
    "weighting": ("visibility", "equal"),
    "gallery_shot": ("multi", "single"),
}


def check_choice(name, value):
    """Refuses a value that the option `name` does not have."""
    if value not in _CHOICES[name]:
        raise ValueError(
            f"`{name}` is one of {', '.join(map(repr, _CHOICES[name]))}; "
            f"it is {value!r}."
        )


def check_positive(name, value):
    """Refuses a number that is not 1 or more."""
    if value < 1:
        raise ValueError(f"`{name}` is at least 1; it is {value}.")


def check_rates(name, rates):
    """Refuses numbers that are no share of something."""
    wrong = [rate for rate in rates if not 0 <= rate <= 1]
    if wrong:
        raise ValueError(f"`{name}` are in [0, 1]; one is {wrong[0]!r}.")


def check_draws(repeats, seed):
    """Refuses what random draws cannot be made from."""
    whole = isinstance(repeats, int | np.integer)
    if repeats != "exact" and (not whole or repeats < 1):
        raise ValueError(
            f'`repeats` is a whole number from 1, or "exact"; it is '
            f"{repeats!r}."
        )
    if not isinstance(seed, int | np.integer) or seed < 0:
        raise ValueError(f"`seed` is a whole number from 0; it is {seed!r}.")


def check_pair(query, gallery, query_records, gallery_records):
    """Refuses descriptors and records that cannot be compared."""
    for role, descriptors, records in (
        ("query", query, query_records),
        ("gallery", gallery, gallery_records),
    ):
        if len(descriptors) != len(records):
            raise ValueError(
                f"The {role} has {len(descriptors)} descriptors and "
                f"{len(records)} records; they describe the same images, row "
                "by row. Embed the images of these records."
            )
        if not len(records):
            raise ValueError(
                f"The {role} is empty; there is nothing to compare."
            )
    if query.names != gallery.names:
        raise ValueError(
            f"The query has the embeddings {', '.join(query.names)}, the "
            f"gallery {', '.join(gallery.names)}. Embed both by one model."
        )
    widths = query.embeddings.shape[2], gallery.embeddings.shape[2]
    if widths[0] != widths[1]:
        raise ValueError(
            f"The embeddings of the query have {widths[0]} values, those of "
            f"the gallery {widths[1]}. Embed both by one model."
        )


def check_distances(distances, query_records, gallery_records):
    """Refuses distances that are not one number per pair."""
    distances = np.asarray(distances)
    expected = len(query_records), len(gallery_records)
    if distances.shape != expected or 0 in expected:
        raise ValueError(
            f"{expected[0]} queries and {expected[1]} gallery images need "
            f"distances of the shape {expected}, without a 0; these have "
            f"{distances.shape}."
        )
    if distances.dtype.kind not in "iuf":
        raise ValueError(
            f"Distances are real numbers; these are of the type "
            f"{distances.dtype}. Convert them to floats."
        )
    for row, values in enumerate(distances):
        if np.isnan(values).any():
            raise ValueError(
                f"The distances of query {row} contain NaN; give pairs that "
                "cannot be compared a large number instead."
            )
    return distances

"""`TrainingBatches` with and without stages of occlusion."""

import functools

from keras_drop.data import TrainingBatches
from keras_drop.data.occlusions import named_occlusions


def occluded_ways(records, names, size, **arguments):
    """For every stage what `fit` takes, decoded afresh and from memory.

    Args:
        records: `Records` of the images.
        names: Names of stages; each is timed alone, with its probability.
        size: `(height, width)`.
        **arguments: Of `TrainingBatches`.

    Returns:
        Dictionary of batches by the name of the way.
    """
    ways = {}
    for megabytes, source in ((0, ""), (4096, ", cached")):
        make = functools.partial(
            TrainingBatches,
            records,
            size,
            cache_megabytes=megabytes,
            **arguments,
        )
        ways[f"TrainingBatches{source}"] = make()
        for name in names:
            ways[f"{name}{source}"] = make(occlusions=named_occlusions([name]))
    return ways

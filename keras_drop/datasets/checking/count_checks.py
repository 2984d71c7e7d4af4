"""Whether a data set is whole."""

import numpy as np

from keras_drop.datasets.checking.finding import Finding


def check_counts(splits, counts):
    """Findings on the numbers of identities and images.

    Args:
        splits: Dictionary of `Records`.
        counts: For each split the `(identities, images)` it has to have;
            `"all"` is training and test together. `None` is not checked.

    Returns:
        Iterator of `Finding`.
    """
    for split, expected in counts.items():
        found = _counts(splits, split)
        wrong = [
            f"{have:,} {what} (not {want:,})"
            for have, want, what in zip(
                found, expected, ("identities", "images")
            )
            if want is not None and have != want
        ]
        if wrong:
            name = "the whole data set" if split == "all" else split
            yield Finding(
                "error",
                "counts",
                f"{name} has {' and '.join(wrong)}.",
                "Files are missing or too many, or this is another data set: "
                "unpack it again, or say which one it is.",
            )


def _counts(splits, split):
    if split != "all":
        chosen = [splits[split]] if split in splits else []
        return _identities(chosen), sum(map(len, chosen))
    train = [splits["train"]] if "train" in splits else []
    test = [records for name, records in splits.items() if name != "train"]
    return (
        # Training and test are different people, whatever their numbers.
        _identities(train) + _identities(test),
        sum(map(len, splits.values())),
    )


def _identities(parts):
    if not parts:
        return 0
    return len(np.unique(np.concatenate([part.identities for part in parts])))

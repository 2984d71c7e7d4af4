"""People of the training set that a run does not learn, to choose by."""

import numpy as np


def hold_out_people(records, people, seed=1):
    """Splits training images by person: to learn from, and to choose by.

    Thresholds, the best epoch and settings are chosen on people that the
    model has not learnt, and that are not those of the test set: whoever
    chooses on the test set reports too good a number.

    Args:
        records: `Records` of training images.
        people: How many people are held out; below 1, their share.
        seed: Draws them. The same seed holds the same people out.

    Returns:
        `Records` of the images to learn from, and of those held out.

    Raises:
        ValueError: Nobody would be held out, or less than 2 people left.

    Example:
    >>> from keras_drop import Records
    >>> from keras_drop.data import hold_out_people
    >>> records = Records(["a", "b", "c", "d"], [7, 8, 9, 9], [0, 0, 0, 1])
    >>> learnt, held_out = hold_out_people(records, 1, seed=3)
    >>> len(set(learnt.identities)), len(set(held_out.identities))
    (2, 1)
    """
    known = np.unique(records.identities[records.identities >= 0])
    count = round(people * len(known)) if people < 1 else int(people)
    if not 1 <= count <= len(known) - 2:
        raise ValueError(
            f"{people:g} as people to hold out of {len(known)} are {count}; "
            "at least 1 is held out, and 2 stay. Give a share such as 0.1, or "
            "a number."
        )
    chosen = np.random.default_rng(seed).choice(known, count, replace=False)
    held_out = np.isin(records.identities, chosen)
    return records[~held_out], records[held_out]


def query_and_gallery(records, seed=1):
    """Makes queries and a gallery of images that are not split into them.

    One image of every person and camera is a query, all others are the
    gallery, as in Market-1501. A camera's only image of a person stays in the
    gallery, unless all of the person's are such. Of a person whom one camera
    has seen there is no query.

    Args:
        records: `Records`, such as those that `hold_out_people` holds out.
        seed: Draws the queries.

    Returns:
        Dictionary of `Records`, `"query"` and `"gallery"`.

    Raises:
        ValueError: Nobody was seen by two cameras.

    Example:
    >>> from keras_drop import Records
    >>> from keras_drop.data import query_and_gallery
    >>> records = Records(list("abcde"), [7, 7, 7, 7, 8], [0, 0, 1, 1, 0])
    >>> splits = query_and_gallery(records)
    >>> splits["query"].cameras.tolist(), splits["gallery"].identities.tolist()
    ([0, 1], [7, 7, 8])
    """
    rng = np.random.default_rng(seed)
    is_query = np.zeros(len(records), bool)
    for person in np.unique(records.identities[records.identities >= 0]):
        own = np.flatnonzero(records.identities == person)
        cameras, counts = np.unique(records.cameras[own], return_counts=True)
        if len(cameras) == 1:
            continue
        # Each camera leaves the others something to find.
        asked = cameras[counts > 1] if counts.max() > 1 else cameras[:1]
        for camera in asked:
            is_query[rng.choice(own[records.cameras[own] == camera])] = True
    if not is_query.any():
        raise ValueError(
            f"None of {len(np.unique(records.identities))} people was seen by "
            "two cameras, so that nobody can be found again under another. "
            "Hold more people out."
        )
    return {"query": records[is_query], "gallery": records[~is_query]}

import numpy as np

from keras_drop.checks import checked_choice, refuse_no_whole
from keras_drop.datasets.files.fake_cameras import CAMERA_MODES, FAKE_CAMERAS
from keras_drop.records import Records


def draw_split(records, test_people=0.5, seed=1, camera_mode="real"):
    """Divides images of people into training, queries and gallery.

    Some people are drawn for the test; nobody is in both. Of a camera that
    took several images of a person in the test one becomes a query; of a person
    with one image a camera a single one does. All others are the gallery, so
    every query can be found.

    Args:
        records: `Records` of all images. Those of identity `-1` are left out.
        test_people: Share of the people who can be tested: those with images
            of two cameras, or, if cameras are not known, with two images. The
            others are trained on.
        seed: Integer, not negative.
        camera_mode: `"real"`, or `"none"` for unknown cameras: then queries
            get camera 0, the gallery camera 1, and one query a person; a
            column `camera_names` is left out.

    Returns:
        Dictionary of `Records` for those of `"train"`, `"query"` and
        `"gallery"` that are not empty.

    Raises:
        ValueError: Nobody who can be tested, no share, or no seed.

    Example:
    >>> from keras_drop import Records
    >>> from keras_drop.datasets import draw_split
    >>> records = Records([*"abcdef"], [1, 1, 1, 2, 2, 3], [0, 0, 1, 0, 1, 0])
    >>> splits = draw_split(records, test_people=1.0)
    >>> {split: len(part) for split, part in splits.items()}
    {'train': 1, 'query': 2, 'gallery': 3}
    """
    checked_choice("camera_mode", camera_mode, CAMERA_MODES)
    if not 0 < test_people <= 1:
        raise ValueError(
            f"`test_people` is {test_people}; it is a share above 0 and at "
            "most 1, such as 0.5."
        )
    refuse_no_whole(seed=seed)
    records = records[records.identities != -1]
    if camera_mode == "none":
        records = _without_names(records)
    rng = np.random.default_rng(seed)
    places = np.arange(len(records))
    cameras = records.cameras if camera_mode == "real" else places
    testable = [
        person
        for person in np.unique(records.identities)
        if len(np.unique(cameras[records.identities == person])) > 1
    ]
    if not testable:
        what = "of two cameras" if camera_mode == "real" else "at least"
        raise ValueError(
            f"Nobody of the {len(np.unique(records.identities))} people has "
            f"two images {what}, so nobody can be found. Check `pattern`; for "
            "unknown cameras say `camera_mode='none'`."
        )
    count = max(1, round(test_people * len(testable)))
    split_of = np.full(len(records), "train", "<U7")
    for person in rng.permutation(testable)[:count]:
        own = rng.permutation(places[records.identities == person])
        split_of[own] = "gallery"
        _, first, of_camera = np.unique(
            cameras[own], return_index=True, return_counts=True
        )
        several = first[of_camera > 1]
        split_of[own[several if len(several) else [0]]] = "query"
    splits = {}
    for split, camera in FAKE_CAMERAS.items():
        part = records[split_of == split]
        if camera_mode == "none":
            part.cameras[:] = camera
        splits[split] = part
    return {split: part for split, part in splits.items() if len(part)}


def _without_names(records):
    """The records without names of cameras, which tables would go by."""
    return Records(
        **{
            name: getattr(records, name)
            for name in records.column_names
            if name != "camera_names"
        }
    )

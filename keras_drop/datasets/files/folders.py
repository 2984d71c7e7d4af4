"""Which data set a file name or a folder looks like, for error messages."""

import re

_NAMES = {
    "Market-1501": r"(-1|\d{4})_c[1-6]s\d_\d{6}_\d{2}\.jpg",
    "DukeMTMC-reID, Occluded-Duke or P-DukeMTMC-reID": (
        r"\d{4}_c[1-8]_f\d{7}\.jpg"
    ),
    "MSMT17": r"\d{4}_\d{3}_\d{2}_\d{4}\w+\.jpg",
    "Occluded-REID or Partial-REID": r"\d{3}_\d{2,3}\.(tif|jpg)",
    "Partial-iLIDS of 2018": r"\d{3}\.jpg",
    "Partial-iLIDS of 2019": r"\d{7}\.jpg",
}
_FOLDERS = {
    "Market-1501, DukeMTMC-reID or Occluded-Duke": (
        {"bounding_box_train", "bounding_box_test", "query"},
    ),
    "MSMT17": (
        {"mask_train_v2", "mask_test_v2"},
        {"train", "test", "list_train.txt"},
    ),
    "Partial-REID": ({"partial_body_images", "occluded_body_images"},),
    "Occluded-REID": ({"occluded_body_images", "whole_body_images"},),
    "Partial-iLIDS": ({"probe", "gallery"},),
    "P-DukeMTMC-reID": ({"train", "test"},),
}


def describe_name(name):
    """ " This looks like ...", or nothing.

    Example:
    >>> from keras_drop.datasets.files.folders import describe_name
    >>> describe_name("0002_c1s1_000451_03.jpg")
    ' This one looks like Market-1501.'
    """
    for data_set, pattern in _NAMES.items():
        if re.fullmatch(pattern, name, re.IGNORECASE):
            return f" This one looks like {data_set}."
    return ""


def describe_folder(folder):
    """ " It looks like ..., as it has ...", or nothing.

    Args:
        folder: `pathlib.Path` of an existing folder.
    """
    present = {path.name.lower() for path in folder.iterdir()}
    for data_set, signs in _FOLDERS.items():
        for names in signs:
            if names <= present:
                return (
                    f" It looks like {data_set}, as it has "
                    f"{' and '.join(sorted(names))}."
                )
    return ""

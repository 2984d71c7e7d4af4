"""Which data set a file name or a folder looks like, for error messages."""

import re

_NAMES = {
    "Market-1501": re.compile(r"(-1|\d{4})_c[1-6]s\d_\d{6}_\d{2}\.jpg"),
    "DukeMTMC-reID or Occluded-Duke": re.compile(r"\d{4}_c[1-8]_f\d{7}\.jpg"),
    "MSMT17": re.compile(r"\d{4}_\d{3}_\d{2}_\d{4}\w+\.jpg"),
    "Occluded-REID": re.compile(r"\d{3}_\d{2}\.(tif|jpg)"),
    "Partial-iLIDS": re.compile(r"\d{3}\.jpg"),
}
_FOLDERS = {
    "MSMT17": ({"mask_train_v2"}, {"train", "test", "list_train.txt"}),
    "Occluded-REID or Partial-REID": (
        {"occluded_body_images", "whole_body_images"},
        {"partial_body_images", "whole_body_images"},
    ),
    "Partial-iLIDS": ({"Probe", "Gallery"},),
    "P-DukeMTMC-reID": ({"train", "test"},),
}


def describe_name(name):
    """ " This looks like ...", or nothing.

    Example:
    >>> describe_name("0002_c1s1_000451_03.jpg")
    ' This one looks like Market-1501.'
    """
    for data_set, pattern in _NAMES.items():
        if pattern.fullmatch(name):
            return f" This one looks like {data_set}."
    return ""


def describe_folder(folder):
    """ " It looks like ..., as it has ...", or nothing.

    Args:
        folder: `pathlib.Path` of an existing folder.
    """
    present = {path.name for path in folder.iterdir()}
    for data_set, signs in _FOLDERS.items():
        for names in signs:
            if names <= present:
                return (
                    f" It looks like {data_set}, as it has "
                    f"{' and '.join(sorted(names))}."
                )
    return ""

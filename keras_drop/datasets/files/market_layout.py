"""The three folders that Market-1501 and the Duke sets share."""

from pathlib import Path

from keras_drop.datasets.files.annotations import read_annotations
from keras_drop.datasets.files.image_folders import find_folders, list_files
from keras_drop.records import Records

MARKET_FOLDERS = {
    "train": "bounding_box_train",
    "query": "query",
    "gallery": "bounding_box_test",
}


def read_market_layout(root, inner, names, labels):
    """Reads `bounding_box_train`, `query` and `bounding_box_test`.

    Args:
        root: The folder that holds them, or the one above it.
        inner: Names of that folder, where `root` is the one above it.
        names: `ImageNames` of the data set.
        labels: `ParsingFiles` of the data set.

    Returns:
        Dictionary of `Records` for `"train"`, `"query"` and `"gallery"`; rows
        sorted by file name, identity `-1` left out. Further columns of an
        `images.csv` beside the folders become columns of the records.
    """
    folders = find_folders(
        Path(root), names.data_set, [tuple(MARKET_FOLDERS.values())], inner
    )
    annotations = read_annotations(folders[0].parent / "images.csv")
    splits = {}
    for split, folder in zip(MARKET_FOLDERS, folders):
        paths, identities, cameras = names.parse(
            list_files(folder, names.data_set)
        )
        splits[split] = Records(
            [str(path) for path in paths],
            identities,
            cameras,
            labels.find(paths, folder.name, required=split == "train"),
            **annotations.columns_of(paths),
        )
    return splits

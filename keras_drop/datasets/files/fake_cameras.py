"""Folders that stand for cameras, where the data set tells none."""

from keras_drop.datasets.files.image_folders import list_files
from keras_drop.records import Records

# Of images of one's own: numbers that are known, or not.
CAMERA_MODES = ("real", "none")
QUERY, GALLERY = 0, 1
# Queries and gallery never share a camera: the junk rule removes nothing.
FAKE_CAMERAS = {"train": QUERY, "query": QUERY, "gallery": GALLERY}


def read_fake_cameras(folders, names, labels, nested=False, required=False):
    """`Records` of folders, each as if one camera had taken all of it.

    Args:
        folders: Dictionary from `pathlib.Path`s to tuples of the camera and
            the name of the folder of the labels.
        names: `ImageNames` of the data set.
        labels: `ParsingFiles` of the data set.
        nested: Whether the images may lie in one folder a person.
        required: Whether the images have to have labels.

    Returns:
        `Records`, folder after folder, sorted by file name in each.
    """
    paths, identities, cameras, label_folders = [], [], [], []
    for folder, (camera, label_folder) in folders.items():
        files = sorted(
            list_files(folder, names.data_set, nested),
            key=lambda path: path.name,
        )
        files, people, _ = names.parse(files)
        paths += files
        identities += people
        cameras += [camera] * len(files)
        label_folders += [label_folder] * len(files)
    return Records(
        [str(path) for path in paths],
        identities,
        cameras,
        labels.find(paths, label_folders, required),
    )


def read_query_and_gallery(query, gallery, names, labels, nested=False):
    """The two `Records` of a data set without training images.

    Args:
        query: `pathlib.Path` of the folder of the queries, camera 0.
        gallery: That of the gallery, camera 1.
        names: `ImageNames` of the data set.
        labels: `ParsingFiles` of the data set; the folders of the labels are
            named like those of the images.
        nested: Whether the images may lie in one folder a person.

    Returns:
        Dictionary of `Records` for `"query"` and `"gallery"`.
    """
    return {
        split: read_fake_cameras(
            {folder: (FAKE_CAMERAS[split], folder.name)}, names, labels, nested
        )
        for split, folder in (("query", query), ("gallery", gallery))
    }

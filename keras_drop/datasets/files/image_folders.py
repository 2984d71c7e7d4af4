"""Finding the folders of a data set, and the files in them."""

from keras_drop.datasets.files.folders import describe_folder

_FILES_OF_SYSTEMS = ("thumbs.db", "desktop.ini")


def find_folders(root, data_set, layouts, inner=()):
    """The folders of the first layout that is there.

    Names count in any capitalisation, with `-`, `_` or nothing between words.

    Args:
        root: `pathlib.Path` of the folder that holds those of a layout, or of
            the one above it.
        data_set: Its name, for error messages.
        layouts: Tuples of folder names, such as `("query", "test/query")`.
        inner: Names of the folder with the layout, where `root` is the one
            above it.

    Returns:
        List of `pathlib.Path`s, in the order of the layout.

    Raises:
        FileNotFoundError: No such root, or folders that are missing in it.
        ValueError: A root with more than one copy.
    """
    root = _existing(root, data_set)
    found = [[find_folder(root, name) for name in names] for names in layouts]
    for folders in found:
        if None not in folders:
            return folders
    copies = [
        path
        for path in _folders(root)
        if _plain(path.name) in {_plain(name) for name in inner}
    ]
    if len(copies) > 1:
        raise ValueError(
            f"{root} has {' and '.join(copy.name for copy in copies)}. Give "
            f"the one of them that you mean by {data_set}."
        )
    if copies:
        return find_folders(copies[0], data_set, layouts)
    best = min(range(len(layouts)), key=lambda i: found[i].count(None))
    missing = [n for n, path in zip(layouts[best], found[best]) if path is None]
    raise FileNotFoundError(
        f"{root} has no folder {' and no '.join(missing)}. {data_set} has "
        f"{'; or '.join(', '.join(names) for names in layouts)}."
        f"{describe_folder(root)}"
    )


def find_folder(parent, name):
    """The folder of this name below `parent`, or `None`.

    Args:
        parent: `pathlib.Path`.
        name: Such as `"query"` or `"train/whole_body_images"`, in any
            capitalisation, with `-`, `_` or nothing between words.
    """
    if (parent / name).is_dir():
        return parent / name
    for part in name.split("/"):
        same = [p for p in _folders(parent) if _plain(p.name) == _plain(part)]
        if not same:
            return None
        parent = same[0]
    return parent


def list_files(folder, data_set, nested=False):
    """The files of a folder, sorted, without those of operating systems.

    Args:
        folder: `pathlib.Path`.
        data_set: Its name, for the error message.
        nested: Whether the files may lie in folders in it, such as one of
            each person.

    Returns:
        List of `pathlib.Path`s, at least one.

    Raises:
        FileNotFoundError: There is none.
    """
    paths = []
    for path in _visible(folder):
        paths += _visible(path) if nested and path.is_dir() else [path]
    if not paths:
        raise FileNotFoundError(
            f"There are no images in {folder}, where {data_set} has some: "
            "unpack it again."
        )
    return paths


def _existing(root, data_set):
    found = root if root.is_dir() else find_folder(root.parent, root.name)
    if found is None:
        raise FileNotFoundError(
            f"There is no folder {root}. {data_set} is not downloaded by this "
            "library; give the folder of your copy."
        )
    return found


def _folders(parent):
    return [path for path in _visible(parent) if path.is_dir()]


def _visible(folder):
    if not folder.is_dir():
        return []
    return [
        path
        for path in sorted(folder.iterdir(), key=lambda path: path.name)
        if not path.name.startswith(".")
        and path.name.lower() not in _FILES_OF_SYSTEMS
    ]


def _plain(name):
    return name.lower().replace("-", "").replace("_", "")

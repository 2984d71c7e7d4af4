import warnings
from pathlib import Path

from keras_drop.datasets.files.image_folders import find_folder
from keras_drop.datasets.labels.label_formats import (
    label_format as find_label_format,
)

_MASKS = "pifpaf_maskrcnn_filtering"


class ParsingFiles:
    """Where the parsing labels of a data set's images are.

    Args:
        parsing_dir: Folder of the parsing labels, with folders named like
            those of the images, and in these, if there are some among the
            images too, one folder a person; or the `masks` folder of BPBReID
            above it. `None`: there are no labels.
        label_format: A name of `LABEL_FORMATS`: `"pifpaf36"` for
            `<name>.npy`, `"stripes"` for no files, all others for
            `<name>.png`.
        **names: File names of the formats that this data set names in another
            way, with `{name}` for the image's and `{stem}` for it without its
            ending.

    Raises:
        FileNotFoundError: There is no such folder.
        ValueError: An unknown label format.

    Example:
    >>> from keras_drop.datasets.labels.parsing_files import ParsingFiles
    >>> ParsingFiles(None, "pifpaf36").find(["a.jpg"], "query")
    ['']
    """

    def __init__(self, parsing_dir, label_format, **names):
        ending = find_label_format(label_format).ending
        self.label_format = label_format
        self.name = names.get(label_format, f"{{stem}}{ending}")
        self.root = None
        if parsing_dir is not None and ending:
            self.root = _find_root(Path(parsing_dir))

    def find(self, paths, folder, required=False):
        """The label of every image, empty where there is none.

        Args:
            paths: `pathlib.Path`s of the images.
            folder: Name of the folder of their labels, such as `"query"`; or
                one for every image.
            required: Whether to warn of images without a label, and to refuse
                labels none of which is there.

        Returns:
            List of strings.

        Raises:
            FileNotFoundError: Required, and not one is there.
            ValueError: Two images that would have the same label.
        """
        if self.root is None:
            return [""] * len(paths)
        names = [folder] * len(paths) if isinstance(folder, str) else folder
        folders = {
            name: find_folder(self.root, name) or self.root / name
            for name in set(names)
        }
        labels = [
            self._label(folders[name], path) for name, path in zip(names, paths)
        ]
        found = [str(label) if label.is_file() else "" for label in labels]
        self._refuse_shared(paths, found)
        missing = found.count("")
        if required and missing == len(found):
            raise FileNotFoundError(
                f"None of the {len(found)} training images has a parsing "
                f"label. The first would be {labels[0]}. Check `parsing_dir` "
                f"and `label_format`, which is {self.label_format!r}."
            )
        if required and missing:
            warnings.warn(
                f"{missing} of {len(found)} training images have no parsing "
                f"label in {self.root}, the first is "
                f"{paths[found.index('')].name}. They do not count in the "
                "parsing loss.",
                stacklevel=4,
            )
        return found

    @staticmethod
    def _refuse_shared(paths, labels):
        image_of = {}
        for path, label in zip(paths, labels):
            if label and image_of.setdefault(label, path) != path:
                raise ValueError(
                    f"{image_of[label]} and {path} would have the same label, "
                    f"{label}. Labels lie in folders as the images do, or have "
                    "names that differ."
                )

    def _label(self, folder, path):
        """Where the label of an image is, or would be."""
        name = self.name.format(name=path.name, stem=path.stem)
        nested = folder / path.parent.name / name
        return nested if nested.is_file() else folder / name


def _find_root(folder):
    if not folder.is_dir():
        raise FileNotFoundError(f"There is no folder of labels {folder}.")
    for inner in (folder / _MASKS, folder / "masks" / _MASKS):
        if inner.is_dir():
            return inner
    return folder

"""`BankFolder`: a folder of occluders that grows image by image."""

import json
import os
import shutil
from pathlib import Path

from PIL import Image

from keras_drop.data.occlusions.occluders.cut_out import cut_out
from keras_drop.data.occlusions.occluders.occluder_bank import MIN_AREA


class BankFolder:
    """A folder of occluders, of which each image has a sub-folder.

    A sub-folder is there once it is whole, also for an image without an
    object, so that a command that was stopped goes on where it was. The
    settings are kept in the folder.

    Args:
        folder: Path, made if it is not there.
        image_dir: Folder of the images.
        settings: Dictionary of plain values on which the occluders depend.

    Raises:
        ValueError: The folder was begun with other settings.

    Example:
    >>> import tempfile
    >>> import numpy as np
    >>> from keras_drop.data.occlusions.occluders.bank_folder import BankFolder
    >>> folder = BankFolder(f"{tempfile.mkdtemp()}/bank", "images", {})
    >>> mask = np.ones((4, 4), bool)
    >>> folder.write("images/a.png", np.zeros((4, 4, 3), "uint8"), [mask])
    >>> folder.has("images/a.png"), folder.count()
    (True, 1)
    """

    def __init__(self, folder, image_dir, settings):
        self.folder, self.image_dir = Path(folder), Path(image_dir)
        self.folder.mkdir(parents=True, exist_ok=True)
        settings = json.loads(json.dumps(settings))
        file = self.folder / "settings.json"
        if file.exists():
            before = json.loads(file.read_text())
            other = [k for k in settings if before.get(k) != settings[k]]
            if other:
                raise ValueError(
                    f"{folder} was begun with `{other[0]}` "
                    f"{before.get(other[0])}, now it is {settings[other[0]]}. "
                    "Take another folder, or remove this one."
                )
        self._save(file, settings)
        for rest in self.folder.glob(".unfinished-*"):
            shutil.rmtree(rest)

    def has(self, path):
        """Whether the occluders of an image are there."""
        return self._group(path).is_dir()

    def write(self, path, image, masks, max_side=512):
        """Writes the occluders of an image, all or none of them.

        Args:
            path: Of the image.
            image: `(height, width, 3)` uint8.
            masks: Iterable of `(height, width)` bool, an object each.
            max_side: Pixels of an occluder's longer side at most.
        """
        group = self._group(path)
        unfinished = group.with_name(f".unfinished-{group.name}")
        unfinished.mkdir()
        number = 0
        for mask in masks:
            occluder = cut_out(image, mask, max_side)
            if occluder[..., 3].mean() >= MIN_AREA * 255:
                Image.fromarray(occluder).save(unfinished / f"{number:03d}.png")
                number += 1
        unfinished.rename(group)

    def count(self):
        """Number of the occluders in it."""
        return len(list(self.folder.glob("[!.]*/*.png")))

    def finish(self, num_images, broken):
        """Writes `bank.json`: how many there are, and what was unreadable."""
        content = {
            "images": num_images,
            "occluders": self.count(),
            "broken": broken,
        }
        self._save(self.folder / "bank.json", content)

    def _group(self, path):
        name = Path(path).relative_to(self.image_dir).as_posix()
        return self.folder / name.replace("/", "__")

    def _save(self, file, content):
        rest = file.with_suffix(".tmp")
        rest.write_text(json.dumps(content, indent=2))
        os.replace(rest, file)

"""Every data set that has a name, made up of a few tiny images.

A miniature follows from what the reader's file declares.
"""

import dataclasses
import zlib

from keras_drop.datasets import DATA_SETS
from keras_drop.datasets.data_set import DataSet
from keras_drop.datasets.labels.label_formats import LABEL_FORMATS
from tests.datasets.folders import save_image

# Identity and camera, from 0, of the images in every folder of a split.
PEOPLE = {
    "train": [(1, 1), (1, 2), (4, 4), (7, 0)],
    "query": [(2, 0), (3, 4)],
    "gallery": [(2, 3), (3, 2), (9, 0)],
}


@dataclasses.dataclass(frozen=True)
class Miniature:
    """The data set that a `DataSet` declares, with as few images as it goes."""

    data_set: DataSet

    def images(self):
        """Split, path, identity and camera of every image."""
        number = 0
        for split, templates in self.data_set.files.items():
            for folder, template in enumerate(templates):
                people = PEOPLE[split]
                if "{identity" not in template:
                    people = [(0, 1)]
                for identity, camera in people:
                    number += 1
                    path = template.format(
                        identity=identity,
                        camera=camera + self.data_set.names.first_camera,
                        number=number,
                    )
                    if self.data_set.camera_mode == "fake":
                        fake = {"query": 0, "gallery": 1, "train": folder}
                        camera = fake[split]
                    yield split, path, identity, camera

    @property
    def root(self):
        """What its folder is called."""
        return self.data_set.folder

    @property
    def rows(self):
        """For every split the `(identity, camera)` that its reader finds."""
        rows = {}
        for split, _, identity, camera in self.images():
            rows.setdefault(split, []).append((identity, camera))
        return rows

    @property
    def folder(self):
        """The folder of the first image, without that of its person."""
        template = next(iter(self.data_set.files.values()))[0]
        return template.split("{")[0].rpartition("/")[0]

    def label(self, label_format):
        """Where the label of the first image is."""
        name = next(self.images())[1].rpartition("/")[2]
        stem = name.rpartition(".")[0]
        usual = f"{{stem}}{LABEL_FORMATS[label_format].ending}"
        label = self.data_set.label_names.get(label_format, usual)
        return f"{self.folder}/{label.format(name=name, stem=stem)}"

    def make(self, folder):
        """Writes the images and the lists, and returns the folder."""
        lines = {split: [] for split in self.data_set.lists}
        for split, path, identity, _ in self.images():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            save_image(folder / path, zlib.crc32(path.encode()))
            if split in lines:
                inner = path.removeprefix(
                    self.data_set.files[split][0].split("{")[0]
                )
                lines[split].append(f"{inner} {identity}\n")
        for split, lists in self.data_set.lists.items():
            # The last image is in the last list.
            first, *further = lists
            end = len(lines[split]) - len(further)
            (folder / first).write_text("".join(lines[split][:end]))
            for name, line in zip(further, lines[split][end:], strict=True):
                (folder / name).write_text(line)
        return folder


MINIATURES = {name: Miniature(data_set) for name, data_set in DATA_SETS.items()}

"""Cut people out of COCO, with part labels, for models that learn to parse."""

import dataclasses
from pathlib import Path

from keras_drop.data import save_densepose_crops
from keras_drop.datasets import read_densepose_coco
from keras_drop.flags import flag, read_flags

_USAGE = """\
usage: keras-drop densepose_coco_crops --coco_dir=FOLDER --annotations=FILES \\
           --crops_dir=FOLDER [flags]

Needs the images of COCO 2014 and the annotations of DensePose, which you
download from their owners. Labels have the format densepose14. A command that
was stopped goes on when it is started again.

example, which writes coco_people/train/images and coco_people/train/parts:
  keras-drop densepose_coco_crops --coco_dir=coco/images \\
      --annotations=densepose_coco_2014_train.json \\
      --crops_dir=coco_people/train

Paper: Güler et al., 2018, https://arxiv.org/abs/1802.00434
"""


@dataclasses.dataclass(frozen=True)
class Settings:
    """Flags."""

    coco_dir: Path | None = flag(None, "of the images, or of train2014 and so")
    annotations: tuple[str, ...] = flag((), "files of DensePose's annotations")
    crops_dir: Path | None = flag(None, "folder to write images and parts to")
    whole_bodies: bool = flag(
        False, "only people who stand and are hardly hidden, as HPNet chose"
    )
    workers: int = flag(0, "threads; 0: one a core, eight at most")

    def check(self):
        """Refuses what is missing."""
        if not self.annotations:
            raise ValueError("--annotations is missing: which files?")
        if self.coco_dir is None or self.crops_dir is None:
            raise ValueError("--coco_dir and --crops_dir are both needed.")
        for path in (self.coco_dir, *map(Path, self.annotations)):
            if not path.exists():
                raise FileNotFoundError(f"{path} does not exist.")


def main(argv):
    """Writes the crops and their labels.

    Args:
        argv: Flags as strings, without the name of the command.

    Returns:
        Exit code, 1 if there were images that could not be read.

    Raises:
        ValueError: Flags that are missing, or nobody to cut out.
        FileNotFoundError: A path that is not there.
    """
    settings = read_flags(Settings(), argv, _USAGE)
    settings.check()
    people = []
    for file in settings.annotations:
        found = read_densepose_coco(file)
        print(f"{file}: {len(found):,} people with parts")
        people += found
    if settings.whole_bodies:
        people = [person for person in people if person.is_whole]
        print(f"{len(people):,} of them are whole")
    if not people:
        raise ValueError("Nobody is left. Leave out --whole_bodies.")
    problems = save_densepose_crops(
        people, settings.coco_dir, settings.crops_dir, settings.workers or None
    )
    for message in problems:
        print(f"left out: {message}")
    print(
        f"{settings.crops_dir} has images/ and parts/, labels of the format "
        f"densepose14. {len(problems):,} problems."
    )
    return 1 if problems else 0

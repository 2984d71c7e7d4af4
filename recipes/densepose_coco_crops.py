"""People of COCO as crops with part labels, for models that learn to parse.

Needs the images of COCO 2014 and the annotations of DensePose, which you
download from their owners:

    python recipes/densepose_coco_crops.py --coco_dir=coco/images \\
        --annotations=densepose_coco_2014_train.json,\\
    densepose_coco_2014_valminusminival.json --crops_dir=coco_people/train

writes `coco_people/train/images` and `coco_people/train/parts`. Labels have
the format `densepose14`. A command that was stopped goes on when it is started
again. Paper: [Güler et al., 2018](https://arxiv.org/abs/1802.00434).
"""

import dataclasses
import sys
from pathlib import Path

from reid_run import flag

import keras_drop as kd


@dataclasses.dataclass(frozen=True)
class Settings:
    coco_dir: Path = flag(None, "folder of the images, or of train2014 and so")
    annotations: tuple[str, ...] = flag((), "files of DensePose's annotations")
    crops_dir: Path = flag(None, "folder to write images and parts to")
    whole_bodies: bool = flag(
        False, "only people who stand and are hardly hidden, as HPNet chose"
    )
    workers: int = flag(0, "threads; 0: one a core, eight at most")

    def __post_init__(self):
        if not self.annotations:
            raise ValueError("--annotations is missing: which files?")
        if self.coco_dir is None or self.crops_dir is None:
            raise ValueError("--coco_dir and --crops_dir are both needed.")
        for path in (self.coco_dir, *map(Path, self.annotations)):
            if not path.exists():
                raise FileNotFoundError(f"{path} does not exist.")


def main(settings):
    people = []
    for file in settings.annotations:
        found = kd.datasets.read_densepose_coco(file)
        print(f"{file}: {len(found):,} people with parts")
        people += found
    if settings.whole_bodies:
        people = [person for person in people if person.is_whole]
        print(f"{len(people):,} of them are whole")
    if not people:
        sys.exit("error: nobody is left. Leave out --whole_bodies.")
    problems = kd.data.save_densepose_crops(
        people, settings.coco_dir, settings.crops_dir, settings.workers or None
    )
    for message in problems:
        print(f"left out: {message}")
    print(
        f"{settings.crops_dir} has images/ and parts/, labels of the format "
        f"densepose14. {len(problems):,} problems."
    )
    if problems:
        sys.exit(1)


if __name__ == "__main__":
    kd.training.run(main, Settings)

"""Cut an occluder bank out of a folder of images, by Segment Anything."""

import dataclasses
from pathlib import Path

import tqdm

from keras_drop.data import read_image
from keras_drop.data.occlusions.occluders.automatic_masks import AutomaticMasks
from keras_drop.data.occlusions.occluders.bank_folder import BankFolder
from keras_drop.data.occlusions.occluders.sam_masks import SAMMasks
from keras_drop.datasets.files.own_names import IMAGE_ENDINGS, list_images
from keras_drop.flags import flag, read_flags

_USAGE = """\
usage: keras-drop occluder_bank --image_dir=FOLDER --bank_dir=FOLDER [flags]

Every image becomes a sub-folder of RGBA images, a group of the bank. A command
that was stopped goes on where it was.

example:
  keras-drop occluder_bank --image_dir=photographs --bank_dir=bank
  keras-drop occlusions --images=photographs --occluder_bank=bank
"""
# Those that change no occluder.
_FREE = ("bank_dir", "points_at_once")


@dataclasses.dataclass(frozen=True)
class Settings:
    """Flags."""

    image_dir: Path | None = flag(None, "folder of images, and sub-folders")
    bank_dir: Path = flag(Path("occluder_bank"), "where the occluders go")
    preset: str = flag("sam_base_sa1b", "of KerasHub, or a folder with one")
    points_per_side: int = flag(32, "points in a row of the grid")
    points_at_once: int = flag(64, "that are decoded together")
    min_predicted_iou: float = flag(0.88, "how good SAM holds a mask at least")
    min_stability: float = flag(0.95, "of a mask when its threshold moves")
    min_area: float = flag(0.01, "least share of the image")
    max_area: float = flag(0.6, "largest share of the image")
    max_side: int = flag(512, "pixels of an occluder's longer side")


def main(argv, load=None):
    """Cuts the bank out.

    Args:
        argv: Flags as strings, without the name of the command.
        load: Function of the settings to what `AutomaticMasks` calls
            `predict`; SAM if left out.

    Returns:
        0, the exit code.

    Raises:
        FileNotFoundError: No image.
        ValueError: The bank was begun with other settings.
    """
    settings = read_flags(Settings(), argv, _USAGE)
    paths = _images(settings.image_dir)
    bank = BankFolder(
        settings.bank_dir,
        settings.image_dir,
        {
            name: str(value) if isinstance(value, Path) else value
            for name, value in dataclasses.asdict(settings).items()
            if name not in _FREE
        },
    )
    left = [path for path in paths if not bank.has(path)]
    print(f"{len(paths)} images, {len(left)} still to cut.", flush=True)
    masks = _masks(settings, load or load_sam) if left else None
    broken = []
    for path in tqdm.tqdm(left, "Cutting", unit="image"):
        try:
            image = read_image(path)
        except ValueError as error:
            broken.append(str(path))
            print(f"left out: {error}")
            continue
        bank.write(path, image, masks(image), settings.max_side)
    bank.finish(len(paths), broken)
    print(
        f"{bank.count()} occluders of {len(paths)} images are in "
        f"{settings.bank_dir}."
    )
    if broken:
        print(f"{len(broken)} images could not be read, see bank.json.")
    return 0


def load_sam(settings):
    """SAM with the weights of the preset."""
    import keras_hub

    segmenter = keras_hub.models.SAMImageSegmenter.from_preset(settings.preset)
    return SAMMasks(segmenter, settings.points_at_once)


def _masks(settings, load):
    return AutomaticMasks(
        load(settings),
        settings.points_per_side,
        settings.min_predicted_iou,
        settings.min_stability,
        min_area=settings.min_area,
        max_area=settings.max_area,
    )


def _images(folder):
    if folder is None:
        raise ValueError("--image_dir is missing: where are the images?")
    if not folder.is_dir():
        raise FileNotFoundError(f"--image_dir={folder} is no folder.")
    paths = sorted(list_images(folder))
    if not paths:
        raise FileNotFoundError(
            f"{folder} holds no {', '.join(IMAGE_ENDINGS)} image."
        )
    return paths

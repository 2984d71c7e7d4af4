"""An occluder bank, cut out of any folder of images by Segment Anything.

    python recipes/occluder_bank.py --image_dir=photographs --bank_dir=bank
    python -m keras_drop occlusions --images=... --occluder_bank=bank

Every image becomes a sub-folder of RGBA images, a group of the bank. A run
that was stopped goes on where it was: a sub-folder is there once it is whole,
also for an image without an object.
"""

import dataclasses
import json
import os
import shutil
from pathlib import Path

import tqdm
from PIL import Image
from reid_run import flag

import keras_drop as kd
from keras_drop.data import read_image
from keras_drop.data.occlusions.occluders.automatic_masks import AutomaticMasks
from keras_drop.data.occlusions.occluders.cut_out import cut_out
from keras_drop.data.occlusions.occluders.occluder_bank import MIN_AREA
from keras_drop.data.occlusions.occluders.sam_masks import SAMMasks

_ENDINGS = (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp")


@dataclasses.dataclass(frozen=True)
class Settings:
    image_dir: Path = flag(None, "folder of images, also in sub-folders")
    bank_dir: Path = flag(Path("occluder_bank"), "where the occluders go")
    preset: str = flag("sam_base_sa1b", "of KerasHub, or a folder with one")
    points_per_side: int = flag(32, "points in a row of the grid")
    points_at_once: int = flag(64, "that are decoded together")
    min_predicted_iou: float = flag(0.88, "how good SAM holds a mask at least")
    min_stability: float = flag(0.95, "of a mask when its threshold moves")
    min_area: float = flag(0.01, "least share of the image")
    max_area: float = flag(0.6, "largest share of the image")
    max_side: int = flag(512, "pixels of an occluder's longer side")

    def __post_init__(self):
        if self.image_dir is None:
            raise ValueError("--image_dir is missing: where are the images?")
        if not self.image_dir.is_dir():
            raise FileNotFoundError(
                f"--image_dir={self.image_dir} is no folder."
            )


def main(settings, load=None):
    """Cuts the bank out.

    Args:
        settings: `Settings`.
        load: Function of the settings to what `AutomaticMasks` calls
            `predict`; SAM if left out.

    Raises:
        FileNotFoundError: No image.
        ValueError: The bank was begun with other settings.
    """
    paths = _images(settings.image_dir)
    _begin(settings)
    groups = {path: _group(settings, path) for path in paths}
    left = [path for path in paths if not groups[path].is_dir()]
    print(f"{len(paths)} images, {len(left)} still to cut.", flush=True)
    broken = []
    if left:
        masks = AutomaticMasks(
            (load or load_sam)(settings),
            settings.points_per_side,
            settings.min_predicted_iou,
            settings.min_stability,
            min_area=settings.min_area,
            max_area=settings.max_area,
        )
        for path in tqdm.tqdm(left, "Cutting", unit="image"):
            try:
                image = read_image(path)
            except ValueError as error:
                broken.append(str(path))
                print(f"left out: {error}")
                continue
            _write(settings, groups[path], image, masks(image))
    _finish(settings, len(paths), broken)


def load_sam(settings):
    """SAM with the weights of the preset."""
    import keras_hub

    segmenter = keras_hub.models.SAMImageSegmenter.from_preset(settings.preset)
    return SAMMasks(segmenter, settings.points_at_once)


def _images(folder):
    paths = sorted(
        path for path in folder.rglob("*") if path.suffix.lower() in _ENDINGS
    )
    if not paths:
        raise FileNotFoundError(
            f"{folder} holds no {', '.join(_ENDINGS)} image."
        )
    return paths


def _group(settings, path):
    name = path.relative_to(settings.image_dir).as_posix()
    return settings.bank_dir / name.replace("/", "__")


def _begin(settings):
    """Keeps the settings, and refuses others than those of before."""
    folder = settings.bank_dir
    folder.mkdir(parents=True, exist_ok=True)
    now = {
        name: str(value) if isinstance(value, Path) else value
        for name, value in dataclasses.asdict(settings).items()
        if name not in ("bank_dir", "points_at_once")
    }
    file = folder / "settings.json"
    if file.exists():
        before = json.loads(file.read_text())
        other = [name for name in now if before.get(name) != now[name]]
        if other:
            raise ValueError(
                f"{folder} was begun with --{other[0]}="
                f"{before.get(other[0])}, now it is {now[other[0]]}. Take "
                "another --bank_dir, or remove the folder."
            )
    _save_json(file, now)
    for rest in folder.glob(".unfinished-*"):
        shutil.rmtree(rest)


def _write(settings, folder, image, masks):
    """Writes the occluders of an image, all or none of them."""
    unfinished = folder.with_name(f".unfinished-{folder.name}")
    unfinished.mkdir()
    number = 0
    for mask in masks:
        occluder = cut_out(image, mask, settings.max_side)
        if occluder[..., 3].mean() >= MIN_AREA * 255:
            Image.fromarray(occluder).save(unfinished / f"{number:03d}.png")
            number += 1
    unfinished.rename(folder)


def _finish(settings, num_images, broken):
    folder = settings.bank_dir
    count = len(list(folder.glob("*/*.png")))
    _save_json(
        folder / "bank.json",
        {"images": num_images, "occluders": count, "broken": broken},
    )
    print(f"{count} occluders of {num_images} images are in {folder}.")
    if broken:
        print(f"{len(broken)} images could not be read, see bank.json.")


def _save_json(file, content):
    rest = file.with_suffix(".tmp")
    rest.write_text(json.dumps(content, indent=2))
    os.replace(rest, file)


if __name__ == "__main__":
    kd.training.run(main, Settings)

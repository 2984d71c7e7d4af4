"""COCO's people as crops with part labels, on disk."""

import concurrent.futures
import itertools
import json
from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

from keras_drop.data.reading.images import read_image
from keras_drop.data.reading.look_ahead import checked_workers
from keras_drop.datasets.files.whole_files import encode, write_file
from keras_drop.datasets.labels.run_length import decode_run_length

FINISHED = "crops.json"
_QUALITY = 95


def save_densepose_crops(people, images_dir, root, workers=None):
    """Writes a crop and a `densepose14` label of every person.

    `root/images/<image>_<number>.jpg` and `root/parts/<image>_<number>.png`
    are what `read_parsed_images` takes. An interrupted call is completed by
    the next one: a person whose label is there is finished. An image that is
    missing or broken does not end the work. When all is done, `crops.json`
    in `root` says how much there is.

    Args:
        people: List of `DensePosePerson`, in any order. Of two with one
            number in one image, the last one counts.
        images_dir: Folder of COCO's images of 2014, or the one above
            `train2014` and `val2014`.
        root: Folder to write to.
        workers: Number of threads; as many as the machine has cores (eight at
            most) if left out.

    Returns:
        List of messages, one an image or mask that could not be read.

    Raises:
        FileNotFoundError: None of the images is there.
        ValueError: `root` holds crops of other people.
    """
    root, images_dir = Path(root), Path(images_dir)
    unique = {(person.image, person.number): person for person in people}
    people = [unique[key] for key in sorted(unique)]
    groups = [
        [*group] for _, group in itertools.groupby(people, lambda p: p.image)
    ]
    if not any(_find(images_dir, group[0].image) for group in groups):
        raise FileNotFoundError(
            f"None of the {len(groups)} images is in {images_dir}. The first "
            f"would be {groups[0][0].image}, also in train2014 or val2014."
        )
    _prepare(root, people)
    threads = concurrent.futures.ThreadPoolExecutor(checked_workers(workers))
    try:
        results = threads.map(
            lambda group: _save_image(group, images_dir, root), groups
        )
        bar = tqdm(results, "Cropping", len(groups), unit="img")
        problems = [message for messages in bar for message in messages]
    finally:
        threads.shutdown(cancel_futures=True)
    summary = {
        "label_format": "densepose14",
        "people": len(people),
        "crops": sum(_files(root, person)[1].exists() for person in people),
        "problems": problems,
    }
    content = json.dumps(summary, indent=2) + "\n"
    write_file(root / FINISHED, content.encode())
    return problems


def crop_person(image, person):
    """Crop and label of one person.

    The box is rounded to whole pixels and clipped to the image. A mask is 256
    by 256 pixels in the frame of the whole box; every pixel of the crop takes
    the one in which its centre lies. Where masks overlap, the last one counts.

    Args:
        image: `(height, width, 3)` uint8.
        person: `DensePosePerson`.

    Returns:
        `(h, w, 3)` uint8 and `(h, w)` uint8, values 0 to 14.

    Raises:
        ValueError: A mask that cannot be decoded, or a box outside of the
            image; the message names the annotation.

    Example:
    >>> import numpy as np
    >>> from keras_drop.data.labels.densepose_crops import crop_person
    >>> from keras_drop.datasets import DensePosePerson
    >>> right_half = {"size": [256, 256], "counts": [32768, 32768]}
    >>> person = DensePosePerson(
    ...     "a.jpg", 1, (1, 0, 4, 1), (right_half, *[None] * 13))
    >>> crop_person(np.zeros((2, 9, 3), "uint8"), person)[1].tolist()
    [[0, 0, 1, 1]]
    """
    left, top, width, height = person.box
    rows = _pixels(top, height, image.shape[0])
    columns = _pixels(left, width, image.shape[1])
    if not (width > 0 and height > 0 and rows.size and columns.size):
        raise ValueError(
            f"The box {person.box} of annotation {person.number} covers "
            f"nothing of its image, {image.shape[0]} x {image.shape[1]} "
            "(height x width)."
        )
    label = np.zeros((len(rows), len(columns)), "uint8")
    for part, run_lengths in enumerate(person.masks, 1):
        if run_lengths is None:
            continue
        try:
            mask = decode_run_length(run_lengths)
        except ValueError as error:
            raise ValueError(
                f"Mask {part} of annotation {person.number}: {error}"
            ) from None
        y = _in_frame(rows, top, height, mask.shape[0])
        x = _in_frame(columns, left, width, mask.shape[1])
        label[mask[y[:, None], x]] = part
    return image[rows[:, None], columns], label


def _prepare(root, people):
    known = {_files(root, person)[0].name for person in people}
    for name in ("images", "parts"):
        (root / name).mkdir(parents=True, exist_ok=True)
    for path in (root / "images").iterdir():
        if path.suffix == ".jpg" and path.name not in known:
            raise ValueError(
                f"{root} holds crops of other people, such as {path.name}: of "
                "another file of annotations or another choice of people. "
                "Choose another folder, or delete this one."
            )


def _pixels(start, length, limit):
    """Numbers of the image's pixels that a side of the box covers."""
    first, stop = round(start), max(round(start + length), round(start) + 1)
    return np.arange(max(first, 0), min(stop, limit))


def _in_frame(pixels, start, length, size):
    """Numbers of the mask's pixels below the centres of the image's."""
    position = (pixels + 0.5 - start) / length * size
    return np.clip(np.floor(position).astype(int), 0, size - 1)


def _save_image(people, images_dir, root):
    """Messages on what went wrong with an image and the people in it."""
    todo = [p for p in people if not _files(root, p)[1].exists()]
    if not todo:
        return []
    name = people[0].image
    try:
        image = read_image(_find(images_dir, name) or images_dir / name)
    except (FileNotFoundError, ValueError) as error:
        return [str(error)]
    problems = []
    for person in todo:
        try:
            crop, label = crop_person(image, person)
        except ValueError as error:
            problems.append(f"{name}: {error}")
            continue
        file, label_file = _files(root, person)
        jpeg = encode(".jpg", crop, cv2.IMWRITE_JPEG_QUALITY, _QUALITY)
        write_file(file, jpeg)
        # The label comes last: where it is, the crop is.
        write_file(label_file, encode(".png", label))
    return problems


def _files(root, person):
    name = f"{Path(person.image).stem}_{person.number}"
    return root / "images" / f"{name}.jpg", root / "parts" / f"{name}.png"


def _find(images_dir, name):
    for folder in ("", "train2014", "val2014"):
        path = images_dir / folder / name
        if path.is_file():
            return path
    return None

"""Pseudo labels: what a network sees in images, as parsing labels."""

import json
from pathlib import Path

from tqdm import tqdm

from keras_drop.data.labels.parse_images import parse_images
from keras_drop.datasets.files.whole_files import encode, write_file

ABOUT = "labels.json"


def write_part_labels(segmenter, records, folder, image_size, about):
    """Writes a parsing label of every image that has none yet.

    A label is an 8-bit PNG file as large as its image, with the numbers of
    the parts, 0 for the background. It has the name that the image has in its
    own folder, so that the folder of labels looks like that of the images. A
    file is written whole or not at all; an interrupted call is completed by
    the next one. An image that cannot be read does not end the work.

    Args:
        segmenter: Model as of `parse_images`.
        records: `Records` with a column `names`, as of `read_parsed_images`.
        folder: Folder of the labels.
        image_size: `(height, width)` of what the model sees.
        about: Dictionary of strings and numbers that stays in `labels.json`
            and says which labels these are.

    Returns:
        List of messages, one an image that could not be read.

    Raises:
        ValueError: The folder holds other labels, or files of somebody else.
    """
    folder = Path(folder)
    _prepare(folder, about)
    files = [folder / f"{name}.png" for name in records.names]
    todo = [row for row, file in enumerate(files) if not file.exists()]
    parsed = parse_images(segmenter, records.paths[todo], image_size)
    bar = tqdm(
        zip(todo, parsed),
        "Labelling",
        total=len(files),
        initial=len(files) - len(todo),
        unit="img",
    )
    problems = []
    for row, parts in bar:
        if isinstance(parts, Exception):
            problems.append(str(parts))
            continue
        files[row].parent.mkdir(parents=True, exist_ok=True)
        write_file(files[row], encode(".png", parts))
    return problems


def _prepare(folder, about):
    file = folder / ABOUT
    if file.exists():
        stored = json.loads(file.read_text(encoding="utf-8"))
        different = [
            f"{name} is {stored.get(name)!r}, not {about.get(name)!r}"
            for name in {**stored, **about}
            if stored.get(name) != about.get(name)
        ]
        if different:
            raise ValueError(
                f"{folder} holds other labels: {'; '.join(different)}. Choose "
                "another folder, or delete this one."
            )
        return
    if folder.exists() and any(folder.iterdir()):
        raise ValueError(
            f"{folder} is not empty and holds no labels of this network. "
            "Choose an empty folder."
        )
    folder.mkdir(parents=True, exist_ok=True)
    content = json.dumps(about, indent=2) + "\n"
    write_file(file, content.encode())

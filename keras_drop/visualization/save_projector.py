import csv
import math
import re
from pathlib import Path

import numpy as np
from PIL import Image

from keras_drop.checks import refuse_unknown_names
from keras_drop.files.image_file import decode_image, rgb_pixels
from keras_drop.visualization.drawing import save

_SIDE = 64
# WebGL draws no larger picture everywhere.
_LARGEST = 8192


def save_projector(folder, descriptors, columns, *, images=None, parts=None):
    """Writes descriptors for the embedding projector of TensorBoard.

    `tensorboard --logdir=FOLDER` shows each part as a cloud of its own, in
    which only images that show the part take place. Each point tells what is
    known of its image, and is drawn as the image if there is one.

    Args:
        folder: It gets `projector_config.pbtxt`, and for each part
            `PART.tsv`, `PART_metadata.tsv` and `PART.png`.
        descriptors: `Descriptors`.
        columns: Dictionary from names, such as `"identity"`, to a value for
            each image.
        images: For each image its path, the bytes of its file, an array
            `(height, width, 3)` of uint8, or `None`; left out, points are
            dots.
        parts: Names of the parts to write; left out, all.

    Returns:
        The folder.

    Raises:
        FileNotFoundError: An image that is missing.
        ValueError: Columns or images that do not fit, a part that is unknown
            or cannot be the name of a file, or no image that shows any.

    Example:
    >>> import tempfile
    >>> from keras_drop import Descriptors
    >>> from keras_drop.visualization import save_projector
    >>> people = Descriptors([[1.0, 0.0], [0.0, 1.0]], names=("head",))
    >>> folder = save_projector(
    ...     tempfile.mkdtemp(), people, {"identity": ["anna", "ben"]})
    >>> (folder / "head_metadata.tsv").read_text().split()
    ['identity', 'visibility', 'anna', '1.00', 'ben', '1.00']
    """
    parts = descriptors.names if parts is None else tuple(parts)
    refuse_unknown_names("parts", parts, descriptors.names)
    for part in parts:
        if not re.fullmatch(r"\w[\w.+ -]*", str(part)):
            raise ValueError(
                f"The part {part!r} cannot be the name of a file. Name it by "
                "letters and digits."
            )
    for name, values in {**columns, "images": images}.items():
        if values is not None and len(values) != len(descriptors):
            raise ValueError(
                f"{len(descriptors)} descriptors need as many values of "
                f"`{name}`; got {len(values)}."
            )
    places = list(map(descriptors.names.index, parts))
    if not (descriptors.visibility[:, places] > 0).any():
        raise ValueError("No image shows any of the parts: nothing to write.")
    tiles = None if images is None else [_tile(image) for image in images]
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    written = [
        _of_part(folder, descriptors, part, columns, tiles) for part in places
    ]
    (folder / "projector_config.pbtxt").write_text(
        "".join(written), encoding="utf-8"
    )
    return folder


def _of_part(folder, descriptors, part, columns, tiles):
    """Writes the files of a part; returns its lines of the configuration."""
    visibility = descriptors.visibility[:, part].astype("float32")
    rows = np.flatnonzero(visibility > 0)
    if not len(rows):
        return ""
    name = descriptors.names[part]
    np.savetxt(
        folder / f"{name}.tsv",
        descriptors.embeddings[rows, part],
        fmt="%.6g",
        delimiter="\t",
    )
    told = {**columns, "visibility": [f"{v:.2f}" for v in visibility]}
    with open(
        folder / f"{name}_metadata.tsv", "w", newline="", encoding="utf-8"
    ) as file:
        table = csv.writer(file, delimiter="\t", lineterminator="\n")
        # TensorBoard takes the first line of a single column for a point.
        if len(told) > 1:
            table.writerow(map(_word, told))
        # One line a point, whatever is in the values.
        for row in rows:
            table.writerow(_word(values[row]) for values in told.values())
    lines = [
        f'  tensor_name: "{name}"',
        f'  tensor_path: "{name}.tsv"',
        f'  metadata_path: "{name}_metadata.tsv"',
    ]
    if tiles is not None:
        side = _save_sprite(folder / f"{name}.png", [tiles[r] for r in rows])
        lines += [
            "  sprite {",
            f'    image_path: "{name}.png"',
            f"    single_image_dim: {side}",
            f"    single_image_dim: {side}",
            "  }",
        ]
    return "\n".join(["embeddings {", *lines, "}", ""])


def _word(value):
    return " ".join(str("" if value is None else value).split()) or "-"


def _tile(image):
    """A square picture, with white beside what is not as wide as high."""
    square = Image.new("RGB", (_SIDE, _SIDE), (255, 255, 255))
    if image is None:
        return square
    if not isinstance(image, np.ndarray):
        image = decode_image(image, rgb_pixels, _name(image))
    picture = Image.fromarray(image)
    picture.thumbnail((_SIDE, _SIDE))
    left, top = (
        (_SIDE - length) // 2 for length in (picture.width, picture.height)
    )
    square.paste(picture, (left, top))
    return square


def _name(image):
    return "A picture" if isinstance(image, bytes) else str(image)


def _save_sprite(path, tiles):
    """One picture of all, line by line; returns the side of each."""
    columns = math.ceil(math.sqrt(len(tiles)))
    side = min(_SIDE, _LARGEST // columns)
    if not side:
        raise ValueError(
            f"{len(tiles)} images are too many for one picture of "
            f"{_LARGEST} x {_LARGEST}. Leave `images` out, or choose some."
        )
    sprite = Image.new("RGB", (columns * side,) * 2, (255, 255, 255))
    for number, tile in enumerate(tiles):
        row, column = divmod(number, columns)
        if side != _SIDE:
            tile = tile.resize((side, side))
        sprite.paste(tile, (column * side, row * side))
    save(sprite, path)
    return side

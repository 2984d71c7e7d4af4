"""What the pictures share: colours, fonts, image files."""

import colorsys
import io
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from keras_drop.datasets.files.whole_files import write_file
from keras_drop.files.image_file import decode_image, rgb_pixels

INK = (32, 36, 44)
FAINT = (118, 124, 136)
LINE = (208, 212, 220)
PAPER = (255, 255, 255)
RIGHT = (22, 150, 84)
WRONG = (208, 48, 56)

_PART_COLOURS = (
    (230, 85, 80),
    (64, 132, 214),
    (244, 170, 60),
    (70, 172, 112),
    (150, 104, 204),
    (38, 178, 190),
    (226, 112, 178),
    (150, 122, 84),
    (128, 186, 54),
    (96, 104, 180),
)


def part_colours(num_parts):
    """One `(red, green, blue)` per part, easy to tell apart."""
    more = num_parts - len(_PART_COLOURS)
    return [
        *_PART_COLOURS[:num_parts],
        *(
            tuple(
                int(255 * channel)
                for channel in colorsys.hsv_to_rgb(k / more, 0.55, 0.62)
            )
            for k in range(more)
        ),
    ]


def embedding_colours(names):
    """One colour per embedding: grey the foreground, else as its part."""
    if names[:1] != ("foreground",):
        return part_colours(len(names))
    return [FAINT, *part_colours(len(names) - 1)]


def font(size):
    """The font of all captions; it comes with Pillow."""
    return ImageFont.load_default(size)


def read_image(path, size, whose):
    """RGB image of `(width, height)`, stretched to it.

    Raises:
        FileNotFoundError: No such file.
        ValueError: Not an image.
    """
    try:
        pixels = decode_image(path, rgb_pixels)
    except FileNotFoundError:
        raise FileNotFoundError(
            f"The image of {whose} does not exist: {path}. Are the records "
            "of a data set that has moved?"
        ) from None
    except ValueError as error:
        raise ValueError(f"The image of {whose} is no image: {error}") from None
    return Image.fromarray(pixels).resize(size, Image.Resampling.BICUBIC)


def draw_legend(draw, corner, names, colours, width):
    """Coloured squares with names, in lines of `width`; returns the bottom."""
    left, top = corner
    x, y = corner
    for name, colour in zip(names, colours):
        text = name.replace("_", " ")
        length = 18 + draw.textlength(text, font(13)) + 18
        if x > left and x + length > left + width:
            x, y = left, y + 22
        draw.rounded_rectangle((x, y + 2, x + 12, y + 14), 3, colour)
        draw.text((x + 18, y + 8), text, INK, font(13), anchor="lm")
        x += length
    return y + 22 if names else top


def save(image, path):
    """Writes a PNG file, whole or not at all, and the folders above it.

    Returns:
        Its path.

    Raises:
        ValueError: The name does not end with `.png`.
    """
    path = Path(path)
    if path.suffix.lower() != ".png":
        raise ValueError(f"Pictures are PNG files; rename {path} to end so.")
    path.parent.mkdir(parents=True, exist_ok=True)
    content = io.BytesIO()
    image.save(content, "PNG")
    write_file(path, content.getvalue())
    return path


def canvas(width, height):
    """Empty picture, and the pen for it."""
    image = Image.new("RGB", (width, height), PAPER)
    return image, ImageDraw.Draw(image)

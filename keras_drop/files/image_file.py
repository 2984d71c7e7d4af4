"""Image files of unknown origin: the one place that decodes them."""

import io

import numpy as np
from PIL import Image

from keras_drop.files.packed_file import packed_bytes
from keras_drop.files.regular_file import MAX_BYTES, check_regular_file

FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "TIFF")
# 67 million; a photograph of 48 megapixels fits.
MAX_PIXELS = 2**26

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def decode_image(source, convert, name=None):
    """Opens an image and returns what `convert` makes of it.

    Decoders are chosen by the content of the file, never by its name, and
    only those of JPEG, PNG, WebP, BMP and TIFF are asked: others start
    programs or were written for trusted files. Pipes and devices are refused
    before they are opened, and images of more than 67 million pixels, by what
    their header says, before any memory is taken for them.

    Args:
        source: Path, also of a file in a packed one, or the bytes of a file.
        convert: Function of the `PIL.Image.Image`, which it has to load.
        name: What messages call it; left out, the path.

    Returns:
        What `convert` returned.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: Anything else that is wrong with it, by its name.

    Example:
    >>> import io
    >>> from PIL import Image
    >>> from keras_drop.files.image_file import decode_image, rgb_pixels
    >>> file = io.BytesIO()
    >>> Image.new("RGBA", (2, 4), (9, 9, 9, 0)).save(file, "PNG")
    >>> decode_image(file.getvalue(), rgb_pixels, "a.png")[0, 0].tolist()
    [255, 255, 255]
    """
    name = str(source) if name is None else name
    try:
        if not isinstance(source, bytes):
            packed = packed_bytes(source)
            source = source if packed is None else packed
        in_memory = isinstance(source, bytes)
        if not in_memory:
            check_regular_file(source, MAX_BYTES)
        elif not source:
            raise ValueError("it is empty")
        opened = io.BytesIO(source) if in_memory else source
        with Image.open(opened, formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise ValueError(
                    f"it is {image.width:,} x {image.height:,} pixels large, "
                    f"the limit is {MAX_PIXELS:,} in all"
                )
            return convert(image)
    except FileNotFoundError:
        raise FileNotFoundError(f"There is no image {name}.") from None
    except ImportError:
        raise
    # What a decoder raises depends on where the file is broken, and may be
    # anything: struct.error, IndexError, DecompressionBombError, …
    except Exception as error:
        raise ValueError(
            f"{name:.300} cannot be decoded ({str(error) or repr(error)}). "
            "Images are JPEG, PNG, WebP, BMP or TIFF files: copy it again, "
            "convert it, or take it out of the records."
        ) from error


def rgb_pixels(image):
    """The pixels of an image as they are meant to be seen.

    - Stored turned or mirrored, as EXIF says, it is turned upright.
    - Transparent pixels are laid over white.
    - Of 16 bits a channel the upper 8 are taken.
    - Grey, palette and CMYK become RGB; of several frames or pages the first
      counts. Profiles of colour are not looked at.

    Args:
        image: `PIL.Image.Image`.

    Returns:
        `(height, width, 3)` uint8.

    Raises:
        ValueError: It has 32 bits a channel, whose white nobody knows.
    """
    image = upright(image)
    if image.mode.startswith("I;16") or image.mode == "I":
        return np.repeat(_upper_bits(image)[..., None], 3, axis=2)
    if image.mode == "F":
        raise ValueError(
            "it has floating point values, whose white is not known; save it "
            "with 8 bits"
        )
    if not image.has_transparency_data:
        return np.asarray(image.convert("RGB"))
    rgba = np.asarray(image.convert("RGBA")).astype("uint16")
    alpha = rgba[..., 3:]
    over_white = rgba[..., :3] * alpha + 255 * (255 - alpha)
    return ((over_white + 127) // 255).astype("uint8")


def upright(image):
    """Turns an image as its EXIF orientation says."""
    turn = orientation(image)
    return image.transpose(_TURNS[turn]) if turn in _TURNS else image


def orientation(image):
    """The EXIF orientation of an image, 1 for none; loads it."""
    # Before its pixels, a PNG file need not have told it.
    image.load()
    try:
        return image.getexif().get(0x0112, 1)
    # Broken notes on an image are no reason to refuse it.
    except Exception:
        return 1


def _upper_bits(image):
    values = np.asarray(image)
    # Pillow's former mode of 16 grey bits; only PNG has no more than these.
    if values.dtype.itemsize > 2 and image.format != "PNG":
        raise ValueError(
            "it has 32 bits a pixel, whose white is not known; save it with 8"
        )
    return (values >> 8).astype("uint8")

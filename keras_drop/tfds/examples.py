"""Records to the examples of TensorFlow Datasets."""

import json

from keras_drop.datasets.files.whole_files import encode
from keras_drop.files.image_file import decode_image, rgb_pixels
from keras_drop.files.packed_file import file_bytes

_FIXED = ("paths", "identities", "cameras", "parsing_paths")
# EXIF: how the image is turned.
_ORIENTATION = 0x0112


def examples(records):
    """Number and example of every image.

    Args:
        records: `Records`.

    Yields:
        Pairs of the row and a dictionary of `"image"`, encoded, `"identity"`,
        `"camera"`, `"path"`, `"parsing"`, the content of the label file, empty
        where there is none, and `"columns"`, further columns as JSON.
    """
    names = [n for n in records.column_names if n not in _FIXED]
    columns = {name: getattr(records, name).tolist() for name in names}
    for row, path in enumerate(records.paths.tolist()):
        label = records.parsing_paths[row]
        further = {name: values[row] for name, values in columns.items()}
        yield (
            row,
            {
                "image": encoded_image(path),
                "identity": int(records.identities[row]),
                "camera": int(records.cameras[row]),
                "path": path,
                "parsing": file_bytes(label) if label else b"",
                "columns": json.dumps(further),
            },
        )


def encoded_image(path):
    """Bytes that every decoder reads as `read_image` reads the file.

    JPEG and PNG of RGB, upright, are left as they are; others become a PNG of
    the pixels that are meant to be seen.

    Args:
        path: Of an image.

    Returns:
        Bytes.
    """

    def look(image):
        is_plain = image.mode == "RGB" and image.format in ("JPEG", "PNG")
        turned = image.getexif().get(_ORIENTATION, 1) != 1
        has_frames = getattr(image, "n_frames", 1) > 1
        return is_plain and not turned and not has_frames

    if decode_image(path, look) and "transparency" not in _info(path):
        return file_bytes(path)
    return encode(".png", decode_image(path, rgb_pixels))


def _info(path):
    return decode_image(path, lambda image: dict(image.info))

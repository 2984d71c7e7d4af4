import zipfile

import numpy as np

from keras_drop.descriptors import Descriptors
from keras_drop.records import Records

_DESCRIPTORS = ("embeddings", "visibility", "names")
_RECORDS = ("paths", "identities", "cameras")


def save_embeddings(path, descriptors, records):
    """Writes descriptors and records of the same images to a `.npz` file.

    Args:
        path: The file; `load_embeddings` and `python -m keras_drop evaluate`
            read it.
        descriptors: `Descriptors` of the images.
        records: `Records` of the images; further columns are kept.

    Raises:
        ValueError: Not as many descriptors as records, or a column with the
            name of what the file holds already.

    Example:
    >>> import numpy as np
    >>> from keras_drop import Descriptors, Records
    >>> from keras_drop.evaluation import load_embeddings, save_embeddings
    >>> import tempfile
    >>> path = f"{tempfile.mkdtemp()}/query.npz"
    >>> save_embeddings(path, Descriptors(np.ones((1, 2))),
    ...     Records(["a.jpg"], [7], [0], view=["front"]))
    >>> load_embeddings(path)[1].view.tolist()
    ['front']
    """
    if len(descriptors) != len(records):
        raise ValueError(
            f"There are {len(descriptors)} descriptors and {len(records)} "
            "records; they describe the same images, row by row."
        )
    columns = {
        name: getattr(records, name)
        for name in records.column_names
        if name != "parsing_paths"
    }
    both = sorted(set(columns) & set(_DESCRIPTORS))
    if both:
        raise ValueError(
            f"The records have columns named {', '.join(both)}, as the "
            "descriptors have. Give them another name."
        )
    np.savez(
        path,
        embeddings=descriptors.embeddings,
        visibility=descriptors.visibility,
        names=np.array(descriptors.names),
        **columns,
    )


def load_embeddings(path):
    """Reads a `.npz` file of embeddings, of this library or another one.

    Its arrays, of which the first three are needed:

    - `embeddings`: `(num_images, num_embeddings, dim)` or `(num_images, dim)`.
    - `identities`, `cameras`: `(num_images,)` integers.
    - `visibility`: `(num_images, num_embeddings)`, bool or in `[0, 1]`.
    - `names`: `(num_embeddings,)` names of the embeddings.
    - `paths`: `(num_images,)` names of the image files, for the checksum of a
      protocol; left out, images are known by their number.
    - Any other array of `(num_images,)` values, such as `occlusion`.

    Args:
        path: The file.

    Returns:
        `Descriptors` and `Records` of the images.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: No `.npz` file, a missing array, or values that
            `Descriptors` or `Records` refuse; the message names the file.

    Example:
    >>> import numpy as np
    >>> from keras_drop.evaluation import load_embeddings
    >>> import tempfile
    >>> path = f"{tempfile.mkdtemp()}/query.npz"
    >>> np.savez(path, embeddings=np.ones((2, 8)), identities=[7, 9],
    ...     cameras=[0, 1])
    >>> load_embeddings(path)
    (Descriptors(2 images, 1 x 8), Records(2 images, 2 identities, 2 cameras))
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
    except (
        AttributeError,
        EOFError,
        TypeError,
        ValueError,
        zipfile.BadZipFile,
    ):
        raise ValueError(
            f"{path} is no `.npz` file of arrays. `save_embeddings` writes one."
        ) from None
    missing = [
        name
        for name in ("embeddings", "identities", "cameras")
        if name not in arrays
    ]
    if missing:
        raise ValueError(
            f"{path} has no {' and no '.join(missing)}, but "
            f"{', '.join(arrays) or 'nothing'}."
        )
    count = len(arrays["embeddings"])
    if "paths" not in arrays:
        arrays["paths"] = np.array([f"{row:08}" for row in range(count)], str)
    names = arrays.pop("names").tolist() if "names" in arrays else None
    try:
        descriptors = Descriptors(
            arrays.pop("embeddings"), arrays.pop("visibility", None), names
        )
        records = Records(**arrays)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None
    if len(descriptors) != len(records):
        raise ValueError(
            f"{path} has {len(descriptors)} embeddings, but {len(records)} "
            "paths."
        )
    return descriptors, records

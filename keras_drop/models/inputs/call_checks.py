"""What Keras' calls are given, looked at before they begin."""

import keras
import numpy as np

from keras_drop.files.pixel_values import refuse_other_pixels
from keras_drop.models.inputs.label_checks import (
    check_identities,
    check_parsing,
    check_people,
)


def check_learnt(model, x, y=None):
    """Refuses images and labels that a model would learn nonsense from.

    Batches that say for how many people they are, as those of
    `keras_drop.data`, are believed, for they read image files. Of arrays all
    is looked at, of other batches the first one, of a generator nothing.

    Args:
        model: `ReIDTask`.
        x: As of `fit`.
        y: As of `fit`.

    Raises:
        ValueError: People that the model has no place for, labels of another
            shape or kind, images of another size, or values that are no pixel
            values from 0 to 255.
    """
    known = getattr(x, "num_identities", None)
    if known is not None:
        check_people(model, 0, known - 1)
        return
    x, y = _look(x, y)
    if isinstance(x, dict):
        x = x.get("images")
    if x is not None:
        _check_array(model, _array(x))
    _check_labels(model, y)


def check_batch(model, x, y=None):
    """`check_learnt` for one batch, in a small share of a training step.

    The values of the first image stand for those of all: where they look like
    pixels, the others are not looked at.

    Args:
        model: `ReIDTask`.
        x: Images of one batch.
        y: Its labels.

    Raises:
        ValueError: As of `check_learnt`.
    """
    check_images(model, x, first=True)
    _check_labels(model, y)


def check_images(model, x, first=False):
    """Refuses arrays that are no images of a model's size.

    Args:
        model: `ReIDTask`.
        x: Array of images, or a dictionary with `images`; of anything else
            nothing is looked at.
        first: Whether the first image will do, if it looks right.

    Raises:
        ValueError: Images of another size, or values that are no pixel values
            from 0 to 255.
    """
    if isinstance(x, dict):
        x = x.get("images")
    if _is_array(x):
        _check_array(model, x, first)


def _check_array(model, images, first=False):
    shape, given = model.input_shape, tuple(images.shape)
    # A model of one's own with several inputs may have a dictionary.
    if isinstance(shape, tuple) and not _fits(given, shape):
        expected = ", ".join("any" if n is None else str(n) for n in shape)
        raise ValueError(
            f"The images have the shape {given}, the model takes ({expected}): "
            "batch, height, width, RGB. Resize them, as "
            "`keras_drop.data.ImageBatches` does; `embed` takes any size."
        )
    if first:
        try:
            return refuse_other_pixels([_array(images[:1])])
        except ValueError:
            pass  # A dark one beside others is right.
    refuse_other_pixels([_array(images)])


def _fits(given, shape):
    return len(given) == len(shape) and all(
        own in (None, came) for own, came in zip(shape, given)
    )


def _check_labels(model, y):
    if not isinstance(y, dict):
        return
    if y.get("identities") is not None:
        check_identities(model, _array(y["identities"]))
    if y.get("parsing") is not None:
        check_parsing(model, _array(y["parsing"]))


def _look(x, y):
    """Arrays that are given, or the first batch."""
    if _is_array(x) or isinstance(x, dict) or x is None:
        return x, y
    if isinstance(x, keras.utils.PyDataset):
        batch = x[0]
    # What has a next one would lose it.
    elif hasattr(x, "__iter__") and not hasattr(x, "__next__"):
        batch = next(iter(x), None)
    else:
        return None, None
    if isinstance(batch, tuple | list) and len(batch) > 1:
        return batch[0], batch[1]
    return None, None


def _is_array(x):
    return isinstance(x, np.ndarray) or keras.ops.is_tensor(x)


def _array(values):
    if keras.ops.is_tensor(values):
        return keras.ops.convert_to_numpy(values)
    return np.asarray(values)

"""What `fit` is given, looked at before its first step."""

import keras
import numpy as np

from keras_drop.models.inputs.given_images import refuse_other_pixels


def check_fit(model, x, y=None):
    """Refuses images and labels that a model would learn nonsense from.

    Batches that say for how many people they are, as those of
    `keras_drop.data`, are believed, for they read image files. Of arrays all
    is looked at, of other batches the first one, of a generator nothing.

    Args:
        model: `ReIDTask`.
        x: As of `fit`.
        y: As of `fit`.

    Raises:
        ValueError: People that the model has no place for, or values that are
            no pixel values from 0 to 255.
    """
    known = getattr(x, "num_identities", None)
    if known is not None:
        _check_people(model, 0, known - 1)
        return
    x, y = _look(x, y)
    if isinstance(x, dict):
        x = x.get("images")
    if x is not None:
        refuse_other_pixels([_array(x)])
    if isinstance(y, dict) and y.get("identities") is not None:
        people = _array(y["identities"])
        if people.size:
            _check_people(model, people.min(), people.max())


def _check_people(model, lowest, highest):
    places = getattr(model, "num_identities", None)
    if places is None:
        return
    if lowest < 0:
        raise ValueError(
            f"There is a label {int(lowest)} in `identities`; people in "
            "training are numbered from 0. `keras_drop.data.identity_labels` "
            "does that."
        )
    if highest >= places:
        raise ValueError(
            f"There is a label {int(highest)} in `identities`, but the model "
            f"has `num_identities={places}`. Make it with "
            f"`num_identities={int(highest) + 1}`, or number the people from "
            "0: `keras_drop.data.identity_labels`."
        )


def _look(x, y):
    """Arrays that are given, or the first batch."""
    if isinstance(x, np.ndarray | dict) or x is None or keras.ops.is_tensor(x):
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


def _array(values):
    if keras.ops.is_tensor(values):
        return keras.ops.convert_to_numpy(values)
    return np.asarray(values)

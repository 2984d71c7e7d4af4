"""Labels that a model is to learn from, looked at before it does."""

import numpy as np


def check_identities(model, identities):
    """Refuses labels that are no people whom the model has a place for.

    Args:
        model: `ReIDTask`.
        identities: Array of the batch's people, or of all.

    Raises:
        ValueError: Another shape or kind, or people without a place.
    """
    if identities.ndim != 1:
        raise ValueError(
            "`identities` are `(batch,)` whole numbers, one an image; these "
            f"have the shape {identities.shape}. Take `identities[:, 0]` of "
            "a column, `identities.argmax(axis=1)` of one-hot rows."
        )
    if not identities.size:
        return
    if identities.dtype.kind not in "iu":
        raise ValueError(
            f"`identities` are whole numbers; these are {identities.dtype}. "
            "`keras_drop.data.identity_labels` numbers the people of records; "
            "`identities.astype('int32')` converts numbers."
        )
    check_people(model, identities.min(), identities.max())


def check_people(model, lowest, highest):
    """Refuses numbers of people that the model has no place for.

    Args:
        model: `ReIDTask`.
        lowest: The lowest number.
        highest: The highest number.

    Raises:
        ValueError: The lowest is below 0, or the highest too high.
    """
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


def check_parsing(model, labels):
    """Refuses parsing labels that are no maps of the model's parts.

    Args:
        model: `ReIDTask`. One without `part_maps` learns from no such labels,
            and may have any.
        labels: Array of the labels.

    Raises:
        ValueError: Another number of axes or parts, or values that are no
            finite numbers.
    """
    if "part_maps" not in model.output:
        return
    num_parts = model.output["part_maps"].shape[-1] - 1
    expected = (
        f"`parsing` has the shape (batch, height, width, {1 + num_parts})"
    )
    if labels.ndim != 4:
        raise ValueError(
            f"{expected}, one map a part, the background first; it came with "
            f"{labels.shape}. Part numbers become such maps by "
            f"`keras.ops.one_hot(numbers, {1 + num_parts})`."
        )
    refuse_other_parts(labels, num_parts)
    if labels.dtype.kind in "OSU":
        raise ValueError(
            f"`parsing` has numbers; these are {labels.dtype}. Convert them, "
            "for example with `.astype('float32')`."
        )
    # NaN passes from the values to their lowest and their highest.
    if (
        labels.size
        and labels.dtype.kind not in "biu"
        and not (np.isfinite(labels.min()) and np.isfinite(labels.max()))
    ):
        raise ValueError(
            "`parsing` has values that are not finite: a label would count "
            "as some part or other. Where an image has no label, give "
            "background and 0 in `parsing_weight`."
        )


def refuse_other_parts(labels, num_parts):
    """Refuses parsing labels, background first, of another number of parts.

    Args:
        labels: Array or tensor, also one of a graph.
        num_parts: Parts of the model.

    Raises:
        ValueError: Names both numbers.
    """
    found = labels.shape[-1]
    if found is None:
        raise ValueError(
            "The parsing labels have no fixed number of parts: batches differ "
            "in it, or their `tf.data.Dataset` does not say it. The model has "
            f"{num_parts}: give all batches labels of the shape (batch, "
            f"height, width, {1 + num_parts})."
        )
    if found != 1 + num_parts:
        raise ValueError(
            f"The parsing labels have {found - 1} parts, the model has "
            f"{num_parts}. Make the labels with the `part_schema` of the "
            "model."
        )

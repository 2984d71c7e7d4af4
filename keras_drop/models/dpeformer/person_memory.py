import keras

from keras_drop.checks import checked_choice, checked_share
from keras_drop.models.inputs.resized_images import resized_images
from keras_drop.registration import value

STARTS = ("mean", "lazy")


@value
class PersonMemory:
    """What DPEFormer remembers of every person of the training set.

    Args:
        momentum: What an image leaves of its person in the memory, in
            `[0, 1)`.
        start: `"mean"`, by `DPEFormer.fill_memory`; or `"lazy"`, each person
            with the first image that is seen, until when they take no part in
            the contrastive loss.

    Raises:
        ValueError: Another momentum, or an unknown start.

    Example:
    >>> from keras_drop.models import DPEFormer, PersonMemory, vit_small
    >>> model = DPEFormer(
    ...     vit_small((128, 64)), 3, memory=PersonMemory(start="lazy")
    ... )
    >>> model.bank.momentum
    0.2

    Reference:
        [Zhang et al., 2024](https://arxiv.org/abs/2402.10435)
    """

    momentum: float = 0.2
    start: str = "mean"

    def __post_init__(self):
        checked_share("momentum", self.momentum)
        checked_choice("start", self.start, STARTS)


def refuse_strangers(seen):
    """Refuses a memory that is to be filled first and does not know everybody.

    Args:
        seen: `(identities,)` booleans, who is in the memory.

    Raises:
        ValueError: Somebody is not.
    """
    if not seen.all():
        raise ValueError(
            f"The memory knows {seen.sum()} of {len(seen)} people. Before "
            "the first `fit` call `model.fill_memory(images, identities)` "
            "with all training images, or build the model with `memory="
            'PersonMemory(start="lazy")`, which learns them as they come.'
        )


def remembered_rows(model, images, batch_size, verbose):
    """What the memory holds of images, in test mode.

    Args:
        model: `DPEFormer`.
        images: As for its `embed`.
        batch_size: Images at a time.
        verbose: As in `keras.Model.predict`.

    Returns:
        `(num_images, dim)` array of their stripes.
    """
    stripes = keras.Model(model.input, model.output["stripes"])
    if isinstance(images, keras.utils.PyDataset):
        return stripes.predict(images, verbose=verbose)
    return stripes.predict(
        resized_images(model, images, batch_size),
        batch_size=batch_size,
        verbose=verbose,
    )

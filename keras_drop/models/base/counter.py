"""A whole number that a model keeps in its files."""


def counter(model, name):
    """Variable from 0, of which every replica has the same value.

    Args:
        model: The model that it belongs to.
        name: Its name.

    Returns:
        int32 variable, not trainable.
    """
    return model.add_weight(
        name=name,
        shape=(),
        initializer="zeros",
        dtype="int32",
        trainable=False,
        aggregation="only_first_replica",
    )

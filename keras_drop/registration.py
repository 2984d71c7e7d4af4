"""How classes of this library become saveable."""

import dataclasses

import keras

register = keras.saving.register_keras_serializable("keras_drop")


def value(cls):
    """Makes a class a frozen value that files and presets can hold.

    Its fields are what it is made with; `__post_init__` refuses wrong ones.

    Args:
        cls: Class with annotated fields, as for `dataclasses.dataclass`.

    Returns:
        The class: a frozen dataclass, saveable under its name.

    Example:
    >>> from keras_drop.models import PartMemory
    >>> memory = PartMemory(size=512)
    >>> PartMemory.from_config(memory.get_config()) == memory
    True
    """

    def get_config(self):
        return dataclasses.asdict(self)

    def from_config(cls, config):
        return cls(**config)

    cls.get_config = get_config
    cls.from_config = classmethod(from_config)
    return register(dataclasses.dataclass(frozen=True)(cls))

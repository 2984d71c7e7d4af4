"""What a result has to say of the model and the software it came from."""

import dataclasses
import json
import sys

import numpy as np

import keras_drop
from keras_drop.checks import is_whole
from keras_drop.evaluation.cards.model_switches import model_switches


@dataclasses.dataclass(frozen=True)
class ModelDescription:
    """What a card says of the model that a result is of.

    Args:
        name: Of the model.
        switches: Dictionary of the model's settings that are not the default;
            plain values.
        image_size: `(height, width)`, `None` if unknown.
        seed: Seed of the training, `None` if unknown.
        run: Dictionary of what the training wants to be remembered, such as
            its settings and the seconds that it took; plain values.

    Raises:
        ValueError: Something that JSON cannot hold, such as NaN.

    Example:
    >>> from keras_drop.evaluation import ModelDescription
    >>> ModelDescription("DROP", {"epochs": 7}, seed=1).title
    'DROP (epochs=7)'
    """

    name: str
    switches: dict = dataclasses.field(default_factory=dict)
    image_size: tuple | None = None
    seed: int | None = None
    run: dict = dataclasses.field(default_factory=dict)

    def __post_init__(self):
        if is_whole(self.seed):
            # NumPy's own can not be written as JSON.
            object.__setattr__(self, "seed", int(self.seed))
        for field in dataclasses.fields(self):
            try:
                json.dumps(getattr(self, field.name), allow_nan=False)
            except (TypeError, ValueError) as error:
                raise ValueError(
                    f"`{field.name}` are plain values, to be written as "
                    f"JSON: {error}."
                ) from None

    @property
    def title(self):
        """The name, with the switches that are not the default."""
        switches = ", ".join(f"{k}={v}" for k, v in self.switches.items())
        return f"{self.name} ({switches})" if switches else self.name

    @classmethod
    def of(cls, model, **given):
        """What a Keras model tells of itself, as far as it does.

        Args:
            model: Any object; Keras models say most: class, image size, and
                the settings that are not the default, dotted where they are
                values, weights or losses, as `memory.size`.
            **given: Fields that are known better, or that no model knows,
                such as `seed`.

        Returns:
            `ModelDescription`.
        """
        shape = model.input_shape if hasattr(model, "input_shape") else ()
        size = tuple(shape[1:3]) if len(shape) == 4 else (None,)
        found = {
            "name": type(model).__name__,
            "switches": model_switches(model),
            "image_size": None if None in size else size,
        }
        return cls(**{**found, **given})


def software_versions():
    """Versions of what computed a result; of Keras if it was loaded."""
    versions = {
        "keras_drop": keras_drop.__version__,
        "numpy": np.__version__,
        "python": ".".join(map(str, sys.version_info[:3])),
    }
    if "keras" in sys.modules:
        keras = sys.modules["keras"]
        versions["keras"] = keras.__version__
        backend = versions["backend"] = keras.backend.backend()
        versions[backend] = sys.modules[backend].__version__
    return versions

"""What a run has besides its weights, as plain values."""

import keras
import numpy as np


def seeds(model):
    """The states of `keras.random.SeedGenerator`, which are no weights."""
    return [
        variable
        for variable in model.non_trainable_variables
        if variable.name == "seed_generator_state"
    ]


def means(model):
    """What the metrics have summed up in this epoch."""
    return [v for metric in model.metrics for v in metric.variables]


def values(variables):
    """Lists of the numbers of variables; JSON keeps them exactly."""
    return [keras.ops.convert_to_numpy(v).tolist() for v in variables]


def assign(variables, numbers):
    """Gives variables what `values` found."""
    for variable, number in zip(variables, numbers, strict=True):
        variable.assign(number)


def refuse_not_finite(model, where):
    """Refuses weights with NaN or infinity, which nobody wants to go on with.

    Args:
        model: Keras model.
        where: After what, for the message.

    Raises:
        ValueError: Names the first such weight.
    """
    for weight in model.weights:
        numbers = keras.ops.convert_to_numpy(weight)
        if numbers.dtype.kind == "f" and not np.isfinite(numbers).all():
            raise ValueError(
                f"Not all values of the weight {weight.path} are finite after "
                f"{where}, which is not saved. Lower `learning_rate`; the run "
                "goes on from the checkpoint before."
            )

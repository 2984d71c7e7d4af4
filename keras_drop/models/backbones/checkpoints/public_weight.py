"""`PublicWeight`: how a backbone takes over one array of a file."""

import dataclasses
from collections.abc import Callable

import numpy as np


@dataclasses.dataclass(frozen=True)
class PublicWeight:
    """One named array of a public checkpoint.

    Args:
        expected: From the shape that the file has, or `"nothing"`, to the
            shape that it should have.
        assign: Takes over the array, whose shape is right.
    """

    expected: Callable
    assign: Callable

    @classmethod
    def of_shape(cls, shape, assign):
        """An array of one shape."""
        return cls(lambda found: tuple(shape), assign)

    @classmethod
    def of(cls, variable, shape=None):
        """An array with the values of a variable, in their order."""
        shape = tuple(variable.shape if shape is None else shape)
        return cls.of_shape(
            shape, lambda array: variable.assign(array.reshape(variable.shape))
        )

    @classmethod
    def of_torch(cls, variable):
        """An array of PyTorch, which has the outputs of a kernel first."""
        # Ours are (height, width, inputs, outputs) and (inputs, outputs).
        order = {4: (3, 2, 0, 1), 2: (1, 0)}.get(len(variable.shape), (0,))
        return cls._in_order(variable, order)

    @classmethod
    def of_depthwise(cls, kernel):
        """A kernel of PyTorch that looks at each channel on its own."""
        # Ours are (height, width, inputs, 1), theirs (inputs, 1, …).
        return cls._in_order(kernel, (2, 3, 0, 1))

    @classmethod
    def _in_order(cls, variable, order):
        back = np.argsort(order)
        return cls.of_shape(
            [variable.shape[axis] for axis in order],
            lambda array: variable.assign(np.transpose(array, back)),
        )

import dataclasses

import numpy as np


@dataclasses.dataclass(frozen=True, eq=False)
class Verdicts:
    """What is said of pairs of a query and a gallery image.

    Every array has the shape `(num_query, k)` of the rows that were asked
    for. Places whose row was `-1` are "not comparable".

    Args:
        verdict: `"same"`, `"different"`, or `"not comparable"` where the two
            images have no part in common.
        probability: Probability of the same person, NaN if not comparable.
        distance: Distance over the shared parts, NaN if not comparable.
        shared_parts: `(num_query, k, parts)` bool.
        basis: What the probability was learned from: pairs that share exactly
            these `"parts"`, pairs that share the same `"count"` of parts,
            `"all"` pairs, or empty.
        names: Names of the parts.

    Example:
    >>> import numpy as np
    >>> from keras_drop.evaluation import Verdicts
    >>> verdicts = Verdicts(np.array([["same"]]), np.array([[0.9]]),
    ...     np.array([[0.3]]), np.array([[[True, False]]]),
    ...     np.array([["parts"]]), ("head", "legs"))
    >>> verdicts.shared_names(0, 0)
    ('head',)
    """

    verdict: np.ndarray
    probability: np.ndarray
    distance: np.ndarray
    shared_parts: np.ndarray
    basis: np.ndarray
    names: tuple

    def shared_names(self, row, column):
        """Names of the parts that both images of a pair show."""
        shared = self.shared_parts[row, column]
        return tuple(name for name, seen in zip(self.names, shared) if seen)

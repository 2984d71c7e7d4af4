"""`PartViews`: the views of one track in which each part was seen best."""

import numpy as np


class PartViews:
    """Of every part the views in which it was seen best, and no more.

    A view is an embedding of unit length, a weight, how well the part was
    seen, and a time. When a part has more than it may keep, the view with the
    least weight goes; of several, as where visibility is yes or no, the one
    whose neighbours in time are nearest to each other, so that those that
    stay are spread over the time of the track.

    Args:
        num_parts: Number of parts.
        num_views: Views of each that are kept.
        dim: Length of an embedding.

    Example:
    >>> import numpy as np
    >>> from keras_drop.tracking.part_views import PartViews
    >>> views = PartViews(num_parts=1, num_views=2, dim=2)
    >>> for time, weight in enumerate((0.5, 0.9, 0.1, 0.8)):
    ...     views.add(np.array([[1.0, time]]), np.array([weight]), time)
    >>> sorted(views.times[0].tolist())
    [1.0, 3.0]
    """

    def __init__(self, num_parts, num_views, dim):
        self.embeddings = np.zeros((num_parts, num_views, dim), "float32")
        self.weights = np.zeros((num_parts, num_views), "float32")
        self.times = np.full((num_parts, num_views), np.nan)

    def add(self, embeddings, weights, time):
        """Looks at one more crop.

        Args:
            embeddings: `(parts, dim)`, of any length.
            weights: `(parts,)` from 0, where a part is not seen, to 1.
            time: Number.
        """
        lengths = np.linalg.norm(embeddings.astype("float64"), axis=1)
        for part in np.flatnonzero((weights > 0) & (lengths > 0)):
            place = _place(
                self.weights[part],
                self.times[part],
                np.float32(weights[part]),
                time,
            )
            if place is not None:
                view = embeddings[part] / lengths[part]
                self.embeddings[part, place] = view
                self.weights[part, place] = weights[part]
                self.times[part, place] = time

    def merge(self, other):
        """Looks at all views of another track of the same person."""
        for view in range(other.weights.shape[1]):
            for part in np.flatnonzero(other.weights[:, view]):
                one = np.zeros_like(other.weights[:, view])
                one[part] = other.weights[part, view]
                time = other.times[part, view]
                self.add(other.embeddings[:, view], one, time)

    def mean(self):
        """The person so far.

        Returns:
            Mean of each part's views by their weights, `(parts, dim)` float32,
            zeros for a part that was never seen; and the weight of its best
            view, `(parts,)` float32.
        """
        total = np.einsum("pk,pkd->pd", self.weights, self.embeddings)
        weight = self.weights.sum(axis=1, keepdims=True)
        means = total / np.where(weight > 0, weight, 1)
        return means, self.weights.max(axis=1)


def _place(weights, times, weight, time):
    """Where a new view goes, `None` for nowhere."""
    free = np.flatnonzero(weights == 0)
    if len(free):
        return int(free[0])
    weights, times = np.append(weights, weight), np.append(times, time)
    least = np.flatnonzero(weights == weights.min())
    order = np.argsort(times, kind="stable")
    between = np.full(len(times), np.inf)
    between[order[1:-1]] = times[order[2:]] - times[order[:-2]]
    dropped = int(least[np.argmin(between[least])])
    return None if dropped == len(weights) - 1 else dropped

"""What may be remembered of a track: the rows of `benchmarks.tracking`."""

import numpy as np

from keras_drop import Descriptors
from keras_drop.tracking import TrackletMemory
from keras_drop.tracking.part_views import PartViews

# How much of the mean stays when a crop comes.
_STAYS = 0.9


class LastCrop(TrackletMemory):
    """Knows of a track its last crop alone."""

    def update(self, track_ids, seen, boxes=None, *rest, **named):
        for track in track_ids:
            if track in self.kept:
                views, times = self.kept[track]
                self.kept[track] = PartViews(*views.embeddings.shape), times
        # What covers a crop counts where crops are weighed, not here.
        super().update(track_ids, seen, None, *rest, **named)


class RunningMean(TrackletMemory):
    """A mean of unit vectors that later crops have the more say in."""

    def update(self, track_ids, seen, boxes=None, *rest, **named):
        lengths = np.linalg.norm(seen.embeddings, axis=2, keepdims=True)
        means = seen.embeddings / lengths
        for row, track in enumerate(track_ids):
            if track in self.kept:
                views, times = self.kept[track]
                before, _ = views.mean()
                means[row] = _STAYS * before + (1 - _STAYS) * means[row]
                self.kept[track] = PartViews(*views.embeddings.shape), times
        means = Descriptors(means, seen.visibility, seen.names)
        super().update(track_ids, means, None, *rest, **named)


MEMORIES = {
    "last crop": LastCrop,
    "running mean": RunningMean,
    "memory": TrackletMemory,
}


def part_of(name):
    """Function that takes the part of a name of `Descriptors`, or all."""

    def taken(described):
        if name is None:
            return described
        part = [described.names.index(name)]
        return Descriptors(
            described.embeddings[:, part],
            np.ones((len(described), 1), bool),
            (name,),
        )

    return taken

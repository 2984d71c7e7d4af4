import keras
import numpy as np

from keras_drop.backend import num_processes, process_index
from keras_drop.data import read_image

# Images that are looked at after an epoch, and epochs after which parts that
# none of them showed are told.
_IMAGES = 64
_EPOCHS = 5


class BatchCensus(keras.callbacks.Callback):
    """Says once what the batches of a run cannot teach.

    After the first epoch: in how many of its batches nobody has two images,
    so that no triplet is there, and how many are of one person, so that there
    is nobody to tell apart. After the fifth, or the last if that is before:
    which parts the model has seen in none of the training images that were
    looked at after each epoch; not in a run of several processes. What is all
    right is not told, and files that others stand in for are not looked at.

    Args:
        batches: The data of `fit`, with `records` and `rows`, as those of
            `keras_drop.data`; others are not counted.
        tell: Function that gets each sentence.

    Example:
    >>> import types
    >>> import numpy as np
    >>> from keras_drop import Records
    >>> from keras_drop.training import BatchCensus
    >>> class Batches(list):
    ...     records = Records(["a.jpg", "b.jpg", "c.jpg"], [1, 1, 2], [0] * 3)
    ...     rows = list.__getitem__
    >>> census = BatchCensus(Batches([[0, 1], [0, 2]]))
    >>> census.set_model(types.SimpleNamespace())
    >>> for step in range(2):
    ...     census.on_train_batch_end(step)
    >>> census.on_epoch_end(0)
    In 1 of 2 batches nobody has two images: they have no triplet. ...
    1 of 2 batches are of one person: there is nobody to tell apart. ...
    """

    def __init__(self, batches, tell=print):
        super().__init__()
        self.batches = batches
        self.tell = tell
        self._batches = self._single = self._same = 0
        self._images = []
        self._unseen = None
        self._told = False

    def on_train_batch_end(self, batch, logs=None):
        if self._told or not hasattr(self.batches, "rows"):
            return
        first = (self.params or {}).get("first_step", 0)
        rows = np.asarray(self.batches.rows(first + batch))
        people, counts = np.unique(
            self.batches.records.identities[rows], return_counts=True
        )
        self._batches += 1
        self._single += counts.max() < 2
        self._same += len(people) < 2
        wanted = _IMAGES - len(self._images)
        self._images += list(self.batches.records.paths[rows[:wanted]])

    def on_epoch_end(self, epoch, logs=None):
        if not self._told and self._batches:
            self._told = True
            if process_index() == 0:
                self._tell_batches()
        self._look_at_parts(epoch)

    def _tell_batches(self):
        if self._single and _mines(self.model):
            self.tell(
                f"In {self._single} of {self._batches} batches nobody has two "
                "images: they have no triplet. Raise `images_per_identity`."
            )
        if self._same:
            self.tell(
                f"{self._same} of {self._batches} batches are of one person: "
                "there is nobody to tell apart. Raise `identities_per_batch`."
            )

    def _look_at_parts(self, epoch):
        names = getattr(self.model, "embedding_names", ())
        if self._unseen is None:
            self._unseen = set(names) if len(names) > 1 else set()
        # A model of several processes embeds nothing without them all.
        if not self._unseen or not self._images or num_processes() > 1:
            return
        seen = self._embedded().visibility
        self._unseen -= {
            name for name, column in zip(names, seen.T) if (column > 0).any()
        }
        if epoch + 1 < min(_EPOCHS, (self.params or {}).get("epochs", 1)):
            return
        if self._unseen:
            told = ", ".join(name for name in names if name in self._unseen)
            self.tell(
                f"In none of {len(self._images)} training images the model "
                f"sees: {told}. Look at the parsing labels: `python -m "
                "keras_drop check`."
            )
        self._unseen = set()

    def _embedded(self):
        """Of the images; of those that can be read if some cannot."""
        try:
            return self.model.embed(self._images)
        except (OSError, ValueError):
            readable = [path for path in self._images if _can_be_read(path)]
            if not readable or len(readable) == len(self._images):
                raise
            self._images = readable
            return self.model.embed(readable)


def _can_be_read(path):
    try:
        read_image(path)
    except (OSError, ValueError):
        return False
    return True


def _mines(model):
    """Whether some term compares images of a person in the batch."""
    if not hasattr(model, "term_losses"):
        return True
    return any(
        ("triplet" in name or "compactness" in name) and model.weighs(name)
        for name in model.term_losses
    )

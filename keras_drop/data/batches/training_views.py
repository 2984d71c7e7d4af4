"""The images of a batch as the model sees them, and what goes with them."""

import numpy as np

from keras_drop.data.batches.training_targets import TrainingTargets
from keras_drop.data.occlusions.scene.scene import Scene
from keras_drop.data.occlusions.stages.occlude import labelled_stages, occlude
from keras_drop.data.reading.batch_memory import batch_array


class TrainingViews:
    """The images of one batch, occluded or not, and their targets.

    The first view is the images that the model trains on, the second one,
    where there is one, an occluded copy of these. What hides an image follows
    from `seed`, the number of the image and of the view alone.

    Args:
        image_size: `(height, width)` of the images.
        num_images: Images that are made.
        labels: `ParsingLabels`, or `None`.
        views: Stages of occlusion of every view, one or two tuples.
        visibility: Whether to tell what is in sight.
        seed: Tuple of integers.
        epoch: Number of the epoch.
        first: Number in the batch of the first image that is made.

    Attributes: `images`, `(num_images, height, width, 3)` float32, and
    `targets`, a dictionary of arrays.

    Example:
    >>> import numpy as np
    >>> from keras_drop.data.batches.training_views import TrainingViews
    >>> from keras_drop.data import Transform
    >>> from keras_drop.data.occlusions import RandomErasing
    >>> views = TrainingViews((8, 4), 1, None, ((), (RandomErasing(1.0),)),
    ...     visibility=False, seed=(1,), epoch=0)
    >>> views.fill(0, np.zeros((8, 4, 3)), None, Transform((8, 4)))
    >>> views.images.any(), views.targets["occluded_images"].any()
    (np.False_, np.True_)
    """

    def __init__(
        self,
        image_size,
        num_images,
        labels,
        views,
        visibility,
        seed,
        epoch,
        first=0,
    ):
        self._views, self._labels = views, labels
        self._seed, self._epoch, self._first = seed, epoch, first
        self._needs_parts = any(map(labelled_stages, views))
        self._arrays, self._filled, self.targets = [], [], {}
        for prefix, _ in zip(("", "occluded_"), views):
            targets = TrainingTargets(
                image_size, num_images, labels, visibility, prefix
            )
            self._filled.append(targets)
            self._arrays.append(batch_array((num_images, *image_size, 3)))
            self.targets |= targets.arrays
        self.images = self._arrays[0]
        if len(views) > 1:
            self.targets["occluded_images"] = self._arrays[1]
        if labels:
            self._weight = np.zeros(num_images, "float32")
            self.targets["parsing_weight"] = self._weight

    def fill(self, index, image, label, transform, person=None):
        """Makes the views of an image.

        Args:
            index: Number of the image in the batch.
            image: `(any, any, 3)` pixel values from 0 to 255.
            label: Its grouped parsing label, or `None`.
            transform: Its `Transform`.
            person: Somebody else, as of `Scene`.
        """
        place = index - self._first
        transform.image(image, out=self.images[place])
        if label is not None:
            self._weight[place] = 1.0
        parts = None
        if self._needs_parts and label is not None:
            parts = self._labels.pixels(label, transform)
        scene, hidden = Scene(parts, person, self._epoch), None
        for number, stages in enumerate(self._views):
            now = self._arrays[number][place]
            if number:
                now[:] = self.images[place]
            if stages:
                # 1 more, because trailing zeros of a seed do not count.
                rng = np.random.default_rng(
                    (*self._seed, 1 + 2 * index + number)
                )
                _, also = occlude(now, stages, rng, scene)
                scene = scene.without(also)
                hidden = also if hidden is None else hidden | also
            self._filled[number].fill(place, label, transform, hidden)

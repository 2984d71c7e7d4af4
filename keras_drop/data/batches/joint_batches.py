"""`JointBatches`: people to tell apart, and people to parse, in one step."""

from keras_drop.data.batches.wrapped_batches import WrappedBatches


class JointBatches(WrappedBatches):
    """Training batches with labelled images of other people beside them.

    For models that learn parsing from both, such as `HPNet`. `epoch` is that
    of both.

    Args:
        batches: `TrainingBatches`.
        parsing_batches: `ParsingBatches` of as many batches.

    Returns:
        `batches[index]` is `(images, targets)` of the training batches, with
        the batch of the others as `"parsing_only"` in the targets.

    Raises:
        ValueError: Different numbers of batches in an epoch.

    Example:
    >>> from keras_drop import Records
    >>> from keras_drop.data import JointBatches
    >>> import os, tempfile
    >>> from PIL import Image
    >>> from keras_drop.data import (IdentitySampler, ParsingBatches,
    ...     ParsingLabels, TrainingBatches)
    >>> folder = tempfile.mkdtemp()
    >>> image, label = (os.path.join(folder, x) for x in ("a.jpg", "a.png"))
    >>> Image.new("RGB", (16, 32)).save(image)
    >>> Image.new("L", (16, 32), 14).save(label)
    >>> records = Records([image] * 4, [3, 3, 8, 8], [0] * 4, [label] * 4)
    >>> common = (32, 16), ParsingLabels("densepose14", "hpnet_four")
    >>> people = TrainingBatches(
    ...     records, *common, sampler=IdentitySampler(2, 2))
    >>> batches = JointBatches(people, ParsingBatches(
    ...     records, *common, num_batches=len(people), batch_size=3))
    >>> images, targets = batches[0]
    >>> images.shape, targets["parsing_only"]["images"].shape
    ((4, 32, 16, 3), (3, 32, 16, 3))

    Reference:
        [Huang et al., 2020](https://doi.org/10.1109/ICME46284.2020.9102789)
    """

    def __init__(self, batches, parsing_batches):
        super().__init__(batches)
        if len(batches) != len(parsing_batches):
            raise ValueError(
                f"An epoch has {len(batches)} batches of people and "
                f"{len(parsing_batches)} to parse. Make the `ParsingBatches` "
                f"with `num_batches={len(batches)}`."
            )
        self.parsing_batches = parsing_batches
        self._follow(batches.epoch)

    @property
    def share(self):
        """`(index, count)`: which part of how many both batches are of."""
        return self.batches.share

    @share.setter
    def share(self, share):
        self.batches.share = share
        self.parsing_batches.share = share

    def __getitem__(self, index):
        images, targets = self.batches[index]
        return images, {**targets, "parsing_only": self.parsing_batches[index]}

    def _follow(self, epoch):
        self.parsing_batches.epoch = epoch

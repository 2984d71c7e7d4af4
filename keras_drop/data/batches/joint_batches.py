"""`JointBatches`: people to tell apart, and people to parse, in one step."""

import keras


class JointBatches(keras.utils.PyDataset):
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
    >>> from keras_drop.data import ParsingBatches, TrainingBatches
    >>> folder = tempfile.mkdtemp()
    >>> image, label = (os.path.join(folder, x) for x in ("a.jpg", "a.png"))
    >>> Image.new("RGB", (16, 32)).save(image)
    >>> Image.new("L", (16, 32), 14).save(label)
    >>> records = Records([image] * 4, [3, 3, 8, 8], [0] * 4, [label] * 4)
    >>> common = (32, 16), "hpnet_four", "densepose14"
    >>> people = TrainingBatches(
    ...     records, *common, num_identities=2, images_each=2)
    >>> batches = JointBatches(people, ParsingBatches(
    ...     records, *common, num_batches=len(people), batch_size=3))
    >>> images, targets = batches[0]
    >>> images.shape, targets["parsing_only"]["images"].shape
    ((4, 32, 16, 3), (3, 32, 16, 3))

    Reference:
        [Huang et al., 2020](https://doi.org/10.1109/ICME46284.2020.9102789)
    """

    def __init__(self, batches, parsing_batches):
        super().__init__()
        if len(batches) != len(parsing_batches):
            raise ValueError(
                f"An epoch has {len(batches)} batches of people and "
                f"{len(parsing_batches)} to parse. Make the `ParsingBatches` "
                f"with `num_batches={len(batches)}`."
            )
        self.batches = batches
        self.parsing_batches = parsing_batches
        self.epoch = batches.epoch

    @property
    def records(self):
        """`Records` of the people to tell apart."""
        return self.batches.records

    @property
    def epoch(self):
        """Number of the epoch that the batches belong to."""
        return self.batches.epoch

    @epoch.setter
    def epoch(self, epoch):
        self.batches.epoch = self.parsing_batches.epoch = epoch

    def __len__(self):
        return len(self.batches)

    def __getitem__(self, index):
        images, targets = self.batches[index]
        return images, {**targets, "parsing_only": self.parsing_batches[index]}

    def on_epoch_end(self):
        """Moves to the next epoch if this one was shown in full."""
        before = self.batches.epoch
        self.batches.on_epoch_end()
        if self.batches.epoch != before:
            self.parsing_batches.epoch = self.batches.epoch

    def rows(self, index):
        """`(batch,)` row numbers, in the records, of a batch of people."""
        return self.batches.rows(index)

"""`CameraBatches`: what `fit` gets for a model that tells cameras apart."""

import keras
import numpy as np


class CameraBatches(keras.utils.PyDataset):
    """Training batches with the camera of every image beside it.

    For models whose backbone was built with `num_cameras`, such as
    `TransReIDBaseline`. The numbers of the cameras are those of the records;
    `embed` has to get the same. All else is as in the batches within, whose
    `epoch` this one's is.

    Args:
        batches: `TrainingBatches`.
        num_cameras: As many as the backbone was built with.

    Returns:
        `batches[index]` is `(inputs, targets)`: a dictionary of `images`,
        those of the batches within, and `cameras`, `(batch,)` int32; and the
        targets of the batches within.

    Raises:
        ValueError: The records have a camera outside of `[-1, num_cameras)`.

    Example:
    >>> from keras_drop.data import CameraBatches
    >>> import os, tempfile
    >>> from PIL import Image
    >>> from keras_drop import Records
    >>> from keras_drop.data import TrainingBatches
    >>> path = os.path.join(tempfile.mkdtemp(), "a.png")
    >>> Image.new("RGB", (16, 32)).save(path)
    >>> records = Records([path] * 4, [3, 3, 8, 8], [0, 5, 0, 5])
    >>> batches = CameraBatches(
    ...     TrainingBatches(
    ...         records, (32, 16), num_identities=2, images_each=2),
    ...     num_cameras=6)
    >>> inputs, targets = batches[0]
    >>> inputs["images"].shape, sorted(inputs["cameras"].tolist())
    ((4, 32, 16, 3), [0, 0, 5, 5])

    Reference:
        [He et al., 2021](https://arxiv.org/abs/2102.04378)
    """

    def __init__(self, batches, num_cameras):
        super().__init__()
        cameras = np.asarray(batches.records.cameras)
        unknown = cameras[(cameras < -1) | (cameras >= num_cameras)]
        if unknown.size:
            raise ValueError(
                f"The records have camera {unknown[0]}, the model tells the "
                f"cameras 0 to {num_cameras - 1} apart. Build its backbone "
                f"with `num_cameras={cameras.max() + 1}`; a camera that is "
                "not known is -1."
            )
        self.batches = batches
        self.num_cameras = num_cameras
        self._cameras = cameras.astype("int32")

    @property
    def records(self):
        """`Records` of the training images."""
        return self.batches.records

    @property
    def epoch(self):
        """Number of the epoch that the batches belong to."""
        return self.batches.epoch

    @epoch.setter
    def epoch(self, epoch):
        self.batches.epoch = epoch

    def __len__(self):
        return len(self.batches)

    def __getitem__(self, index):
        images, targets = self.batches[index]
        cameras = self._cameras[self.batches.rows(index)]
        return {"images": images, "cameras": cameras}, targets

    def on_epoch_end(self):
        """Moves to the next epoch if this one was shown in full."""
        self.batches.on_epoch_end()

    def rows(self, index):
        """`(batch,)` row numbers, in the records, of a batch."""
        return self.batches.rows(index)

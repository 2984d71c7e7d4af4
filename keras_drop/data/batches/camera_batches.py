"""`CameraBatches`: what `fit` gets for a model that tells cameras apart."""

import numpy as np

from keras_drop.data.batches.wrapped_batches import WrappedBatches


class CameraBatches(WrappedBatches):
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
    >>> from keras_drop.data import IdentitySampler, TrainingBatches
    >>> path = os.path.join(tempfile.mkdtemp(), "a.png")
    >>> Image.new("RGB", (16, 32)).save(path)
    >>> records = Records([path] * 4, [3, 3, 8, 8], [0, 5, 0, 5])
    >>> batches = CameraBatches(
    ...     TrainingBatches(
    ...         records, (32, 16), sampler=IdentitySampler(2, 2)),
    ...     num_cameras=6)
    >>> inputs, targets = batches[0]
    >>> inputs["images"].shape, sorted(inputs["cameras"].tolist())
    ((4, 32, 16, 3), [0, 0, 5, 5])

    Reference:
        [He et al., 2021](https://arxiv.org/abs/2102.04378)
    """

    def __init__(self, batches, num_cameras):
        super().__init__(batches)
        cameras = np.asarray(batches.records.cameras)
        unknown = cameras[(cameras < -1) | (cameras >= num_cameras)]
        if unknown.size:
            raise ValueError(
                f"The records have camera {unknown[0]}, the model tells the "
                f"cameras 0 to {num_cameras - 1} apart. Build its backbone "
                f"with `num_cameras={cameras.max() + 1}`; a camera that is "
                "not known is -1."
            )
        self.num_cameras = num_cameras
        self._cameras = cameras.astype("int32")

    def __getitem__(self, index):
        images, targets = self.batches[index]
        cameras = self._cameras[self.batches.own_rows(index)]
        return {"images": images, "cameras": cameras}, targets

from keras_drop.data.batches.wrapped_batches import WrappedBatches


class TaughtBatches(WrappedBatches):
    """Training batches with what a teacher says of every image beside them.

    The teacher sees the images as the student does, changed and occluded, and
    answers as in inference. All else is as in the batches within.

    Args:
        batches: `TrainingBatches`, or what wraps some.
        teacher: Keras model from images to a dictionary of outputs, as
            `ReIDTask.inference_model`.

    Returns:
        `batches[index]` is `(inputs, targets)` of the batches within, with the
        teacher's outputs as `"teacher"` in the targets.

    Example:
    >>> import keras, numpy as np
    >>> from keras_drop.models import GlobalBaseline, resnet18
    >>> from keras_drop.training import TaughtBatches
    >>> class Batches(keras.utils.PyDataset):
    ...     def __len__(self):
    ...         return 1
    ...     def __getitem__(self, index):
    ...         return np.zeros((2, 32, 32, 3)), {"identities": [0, 1]}
    >>> teacher = GlobalBaseline(resnet18((32, 32)), num_identities=2)
    >>> _, targets = TaughtBatches(Batches(), teacher.inference_model())[0]
    >>> targets["teacher"]["embeddings"].shape
    (2, 1, 512)
    """

    def __init__(self, batches, teacher):
        super().__init__(batches)
        self.teacher = teacher

    def __getitem__(self, index):
        inputs, targets = self.batches[index]
        images = inputs["images"] if isinstance(inputs, dict) else inputs
        said = self.teacher.predict_on_batch(images)
        return inputs, {**targets, "teacher": said}

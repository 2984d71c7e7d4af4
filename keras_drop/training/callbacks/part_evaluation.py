import keras

from keras_drop.data import ImageBatches
from keras_drop.evaluation.parts.evaluate_parts import measure, refuse_unlike
from keras_drop.evaluation.parts.part_truth import (
    evenly,
    labelled,
    part_truth,
)


class PartEvaluation(keras.callbacks.Callback):
    """Watches the masks: are parts found, and hidden ones known as hidden.

    After every epoch the logs get, by the labels of some images,
    `<prefix>mask_iou`, the mean intersection over union of the parts,
    `<prefix>visible_right`, the share of visible parts that the model calls
    visible, and `<prefix>hidden_right`, that of hidden parts that it calls
    hidden. Put it before what writes the logs. A model whose masks are wrong
    can still have a falling loss: who watches these does not train blind.

    Args:
        records: `Records`; those without a label are left out.
        labels: `ParsingLabels` that read their labels, of the model's parts.
        num_images: Images that are looked at, evenly spread over the records.
        prefix: Begins the names of the metrics.

    Raises:
        ValueError: No image has a label; in `fit`, a model without parts or
            with others.

    Example:
    >>> import tempfile
    >>> from PIL import Image
    >>> from keras_drop import Records
    >>> from keras_drop.data import ParsingLabels
    >>> from keras_drop.models import BPBReID, resnet18
    >>> from keras_drop.training import PartEvaluation
    >>> folder = tempfile.mkdtemp()
    >>> Image.new("RGB", (16, 32)).save(f"{folder}/a.png")
    >>> Image.new("L", (16, 32), 2).save(f"{folder}/parts.png")
    >>> records = Records(
    ...     [f"{folder}/a.png"], [7], [0], [f"{folder}/parts.png"]
    ... )
    >>> callback = PartEvaluation(records, ParsingLabels("custom", "five"))
    >>> callback.set_model(BPBReID(resnet18((64, 32)), 3, part_schema="five"))
    >>> logs = {}
    >>> callback.on_train_begin()
    >>> callback.on_epoch_end(0, logs)
    >>> list(logs)
    ['val_mask_iou', 'val_visible_right', 'val_hidden_right']
    """

    def __init__(self, records, labels, num_images=200, prefix="val_"):
        super().__init__()
        records = labelled(records, labels)
        if not len(records):
            raise ValueError(
                "No image has a parsing label to compare with. Give records "
                "whose `parsing_paths` are not empty, or leave the callback "
                "out."
            )
        self.records = evenly(records, num_images)
        self.labels = labels
        self.prefix = prefix

    def on_train_begin(self, logs=None):
        # Once, for the graph and the labels stay the same.
        refuse_unlike(self.model, self.labels)
        size = self.model.input_shape[1:3]
        self._served = self.model.inference_model()
        self._batches = ImageBatches(self.records.paths, size)
        self._truth = part_truth(self.records, self.labels, size)

    def on_epoch_end(self, epoch, logs=None):
        names = self.labels.part_schema.part_names
        quality = measure(self._served, self._batches, self._truth, names)
        if logs is not None:
            for name, value in quality.metrics.items():
                logs[self.prefix + name] = value

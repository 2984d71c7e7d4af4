import numpy as np

from keras_drop.evaluation.parts.part_quality import PartQuality
from keras_drop.evaluation.parts.part_truth import labelled, part_truth
from keras_drop.records import Records


def evaluate_parts(model, records: Records, labels) -> PartQuality:
    """Compares the masks and the visibility of a model with labels.

    Args:
        model: Any model of this library that has parts.
        records: `Records`; those without a label are left out.
        labels: `ParsingLabels` that read their labels, of the model's parts.

    Returns:
        `PartQuality`.

    Raises:
        ValueError: A model without parts or with other ones than the labels,
            or no image with a label.

    Example:
    >>> import tempfile
    >>> from PIL import Image
    >>> from keras_drop import Records
    >>> from keras_drop.data import ParsingLabels
    >>> from keras_drop.evaluation import evaluate_parts
    >>> from keras_drop.models import BPBReID, resnet18
    >>> folder = tempfile.mkdtemp()
    >>> Image.new("RGB", (16, 32)).save(f"{folder}/a.png")
    >>> Image.new("L", (16, 32), 2).save(f"{folder}/parts.png")
    >>> records = Records(
    ...     [f"{folder}/a.png"], [7], [0], [f"{folder}/parts.png"]
    ... )
    >>> model = BPBReID(resnet18((64, 32)), 3, part_schema="five")
    >>> quality = evaluate_parts(
    ...     model, records, ParsingLabels("custom", "five"))
    >>> quality.num_images, quality.counts[:, 0].tolist()
    (1, [0, 1, 0, 0, 0])
    """
    # Here, since Keras takes seconds to load.
    from keras_drop.data.batches.image_batches import ImageBatches

    refuse_unlike(model, labels)
    records = labelled(records, labels)
    if not len(records):
        raise ValueError(
            "No image has a parsing label to compare with. Give records whose "
            "`parsing_paths` are not empty."
        )
    image_size = model.input_shape[1:3]
    truth = part_truth(records, labels, image_size)
    return measure(
        model.inference_model(),
        ImageBatches(records.paths, image_size),
        truth,
        labels.part_schema.part_names,
    )


def measure(served, batches, truth, part_names):
    """`PartQuality` of an inference model on batches of known truth."""
    found, visibility = [], []
    # Batch by batch: the maps of all images together may be gigabytes.
    for index in range(len(batches)):
        outputs = served.predict_on_batch(batches[index])
        found.append(outputs["part_maps"].argmax(axis=-1))
        visibility.append(outputs["visibility"][:, -len(part_names) :])
    return PartQuality.of(
        truth, np.concatenate(found), np.concatenate(visibility), part_names
    )


def refuse_unlike(model, labels):
    """Refuses a model without parts, or one of another number than labels.

    Raises:
        ValueError: Names both numbers.
    """
    output = getattr(model, "output", None)
    if not isinstance(output, dict) or "part_maps" not in output:
        raise ValueError(
            f"A {type(model).__name__} has no parts to look at. Give a model "
            "with `part_maps` among its outputs, such as BPBReID or DROP."
        )
    num_parts = output["part_maps"].shape[-1] - 1
    if num_parts != labels.part_schema.num_parts:
        raise ValueError(
            f"The labels have {labels.part_schema.num_parts} parts, the model "
            f"has {num_parts}. Read them with the `part_schema` of the model."
        )

"""What training batches refuse before they start."""

from keras_drop.data.labels.parsing_labels import ParsingLabels
from keras_drop.data.occlusions.stages.occlude import labelled_stages
from keras_drop.image_sizes import checked_image_size


def check_training(records, image_size, labels, views):
    """Checks the arguments of `TrainingBatches` against each other.

    Args:
        records: `Records` of the training images.
        image_size: `(height, width)`.
        labels: `ParsingLabels`, or `None`.
        views: Tuples of stages of occlusion.

    Raises:
        ValueError: No size, or one without a label grid; no label at all; or a
            stage that needs labels where there are none.

    Example:
    >>> from keras_drop import Records
    >>> from keras_drop.data.batches.training_checks import check_training
    >>> check_training(Records(["a.png"], [3], [0]), (32, 16), None, [])
    """
    if any(length % 4 for length in checked_image_size(image_size)):
        raise ValueError(
            f"Images of {tuple(image_size)} (height, width) have no label "
            "grid of a quarter of the size. Use multiples of 4."
        )
    if labels is not None:
        labelled(records, labels)
    needing = [name for stages in views for name in labelled_stages(stages)]
    if needing and not (labels and labels.has_files):
        raise ValueError(
            f"{needing[0]} cuts out what parsing labels show. Give `labels` of "
            "files, not stripes, or leave it out."
        )


def labelled(records, labels):
    """The records that have a parsing label.

    Args:
        records: `Records`.
        labels: `ParsingLabels`.

    Returns:
        `Records`; all of them, where labels are in no files.

    Raises:
        ValueError: None has one, or `labels` are no `ParsingLabels`.
    """
    if not isinstance(labels, ParsingLabels):
        raise ValueError(
            f"`labels` is {labels!r}; it is made by `ParsingLabels("
            '"densepose14", "eight")` of the format of the label files and '
            "the parts to make of them."
        )
    has_label = records.parsing_paths != ""
    if not labels.has_files:
        return records
    if not has_label.any():
        raise ValueError(
            f"None of the {len(records)} images has a parsing label. Give the "
            "reader a `parsing_dir`, or the table a column `parsing_path`; "
            "stripes, `label_format` stripes, are instead of labels."
        )
    return records[has_label]

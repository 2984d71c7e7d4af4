"""What training batches refuse before they start."""

from keras_drop.data.occlusions.stages.occlude import labelled_stages


def check_training(records, image_size, schema, label_format, views):
    """Checks the arguments of `TrainingBatches` against each other.

    Args:
        records: `Records` of the training images.
        image_size: `(height, width)`.
        schema: `PartSchema`, its name, or `None`.
        label_format: Name of a label format, or `None`.
        views: Tuples of stages of occlusion.

    Raises:
        ValueError: A size without a label grid, a schema without a format or
            the other way round, no label at all, or a stage that needs labels
            where there are none.

    Example:
    >>> from keras_drop import Records
    >>> from keras_drop.data.batches.training_checks import check_training
    >>> check_training(Records(["a.png"], [3], [0]), (32, 16), None, None, [])
    """
    if any(length % 4 for length in image_size):
        raise ValueError(
            f"Images of {tuple(image_size)} (height, width) have no label "
            "grid of a quarter of the size. Use multiples of 4."
        )
    if (schema is None) != (label_format is None):
        raise ValueError(
            "Parsing labels need both a `schema` and a `label_format`; got "
            f"{schema!r} and {label_format!r}."
        )
    if (
        schema is not None
        and label_format != "stripes"
        and not (records.parsing_paths != "").any()
    ):
        raise ValueError(
            f"None of the {len(records)} images has a parsing label. Give the "
            "reader a `parsing_dir`, or leave `schema` out."
        )
    labelled = [name for stages in views for name in labelled_stages(stages)]
    if schema is None and labelled:
        raise ValueError(
            f"{labelled[0]} cuts out what parsing labels show. Give a `schema` "
            "and a `label_format`, or leave it out."
        )

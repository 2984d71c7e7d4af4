import numpy as np

from keras_drop.evaluation.parts.evaluate_parts import refuse_unlike
from keras_drop.evaluation.parts.part_quality import (
    PartQuality,
    visible_parts_of,
)
from keras_drop.evaluation.parts.part_truth import labelled, part_truth
from keras_drop.evaluation.parts.visibility_thresholds import (
    VisibilityThresholds,
    best_thresholds,
)
from keras_drop.records import Records

_BATCH = 64


def fit_visibility_threshold(
    model, records: Records, labels, *, occlusions=(), seed: int = 1
) -> VisibilityThresholds:
    """Finds from when on a part of an image is visible.

    What is compared with a threshold is the margin of a part, by how much it
    is the likeliest class where it is most so; of HPNet, whose parts do not
    compete, its highest probability. Of each part the threshold with the best
    balanced accuracy, the mean of the shares of visible and of hidden parts
    that are called so; a part that is hidden, or visible, in fewer than 20
    images has that of all parts together. Choose it on people that are not
    those of the test set, such as those that `data.hold_out_people` holds out.

    Args:
        model: BPBReID, DROP, PAB-ReID or HPNet.
        records: `Records`; those without a label are left out.
        labels: `ParsingLabels` that read their labels, of the model's parts.
        occlusions: Stages that hide the images, such as
            `named_occlusions(["roa:0.5"])`: training people are seldom
            hidden.
        seed: Of the occlusions.

    Returns:
        `VisibilityThresholds`; its `applied(model)` is the model with them.

    Raises:
        ValueError: A model without such thresholds, or with other parts than
            the labels; no image with a label, or too few hidden parts.

    Example:
    >>> from keras_drop.data.occlusions import named_occlusions
    >>> from keras_drop.evaluation import fit_visibility_threshold
    >>> fitted = fit_visibility_threshold(
    ...     model, held_out, labels,
    ...     occlusions=named_occlusions(["roa:0.5"]))  # doctest: +SKIP
    >>> model = fitted.applied(model)  # doctest: +SKIP
    """
    refuse_unlike(model, labels)
    if not hasattr(model, "part_scores"):
        raise ValueError(
            f"A {type(model).__name__} has no threshold of visibility; "
            "BPBReID, DROP, PABReID and HPNet have."
        )
    records = labelled(records, labels)
    if not len(records):
        raise ValueError(
            "No image has a parsing label to compare with. Give records whose "
            "`parsing_paths` are not empty."
        )
    truth, found, said, scores = parts_seen(
        model, records, labels, occlusions, seed
    )
    part_names = labels.part_schema.part_names
    values = best_thresholds(
        scores, visible_parts_of(truth, len(part_names)), model.LOWEST_SCORE
    )
    return VisibilityThresholds(
        values,
        before=PartQuality.of(truth, found, said, part_names),
        after=PartQuality.of(truth, found, scores >= values, part_names),
    )


def parts_seen(model, records, labels, occlusions, seed):
    """The truth of the images, maybe hidden, and what the model says.

    Returns:
        Integer masks of the truth and of the model, `(num_images, height,
        width)`; the visibility it says and its scores, `(num_images,
        num_parts)`, in this order.
    """
    # Here, since Keras takes seconds to load.
    from keras import ops

    from keras_drop.data.batches.image_batches import ImageBatches
    from keras_drop.data.occlusions.stages.occlude import (
        labelled_stages,
        occlude,
    )

    if labelled_stages(occlusions):
        raise ValueError(
            f"{labelled_stages(occlusions)[0]} hides by labels, which it does "
            "not get here. Take another stage, such as RealisticOcclusion."
        )
    image_size = model.input_shape[1:3]
    truth = part_truth(records, labels, image_size)
    batches = ImageBatches(records.paths, image_size, _BATCH)
    rng = np.random.default_rng(seed)
    num_parts = labels.part_schema.num_parts
    found, said, scores = [], [], []
    for index in range(len(batches)):
        images = np.array(batches[index])
        for row, image in enumerate(images, start=index * _BATCH):
            _, hidden = occlude(image, occlusions, rng)
            truth[row][hidden[2::4, 2::4]] = 0
        # Not `predict`, which takes a black image in floats for a mistake.
        outputs = model.predict_on_batch(images)
        found.append(outputs["part_maps"].argmax(axis=-1))
        said.append(outputs["visibility"][:, -num_parts:])
        scores.append(ops.convert_to_numpy(model.part_scores(outputs)))
    return truth, *map(np.concatenate, (found, said, scores))

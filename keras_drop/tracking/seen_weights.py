"""How much a crop says of each part: from what is seen, boxes and scores."""

import numpy as np

from keras_drop.checks import refuse_outside
from keras_drop.data.cropping.crop_boxes import covered
from keras_drop.evaluation.reranking.neighbours import visible_shares
from keras_drop.tracking.detections import boxes_of


def seen_weights(described, boxes=None, scores=None):
    """`(crops, parts)` from 0 to 1.

    Args:
        described: `Descriptors` of the crops of one frame.
        boxes: Their boxes, or `None`. What nearer boxes cover of one says
            little of who is behind: the parts of the person in front are
            taken for theirs.
        scores: Of the detector, or `None`. NaN is not known.

    Raises:
        ValueError: Not one box or score for each crop, or scores that are not
            from 0 to 1.
    """
    weights = visible_shares(described.visibility)
    if boxes is not None:
        boxes = boxes_of(boxes)
        _check_length("boxes", boxes, described)
        weights = weights * (1 - covered(boxes))[:, None]
    if scores is not None:
        scores = np.asarray(scores, "float64")
        _check_length("scores", scores, described)
        known = np.where(np.isnan(scores), 1, scores)
        for extreme in known.min(initial=1), known.max(initial=0):
            refuse_outside(0, 1, scores=float(extreme))
        weights = weights * known[:, None]
    return weights


def _check_length(name, values, described):
    if len(values) != len(described):
        raise ValueError(
            f"There are {len(values)} {name} and {len(described)} crops; each "
            "crop has one."
        )

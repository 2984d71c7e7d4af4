import dataclasses

import numpy as np

from keras_drop.evaluation.groups.markdown import markdown_table
from keras_drop.evaluation.parts.part_quality import PartQuality

# Images of either kind: for thresholds at all, and for one of a part's own.
FEWEST, FEWEST_OF_PART = 5, 20
_EDGE = 1e-4


@dataclasses.dataclass(frozen=True)
class VisibilityThresholds:
    """What `fit_visibility_threshold` found.

    Args:
        values: Threshold of each part.
        before: `PartQuality` of the model as it was, on the images it was
            fitted on.
        after: With these thresholds.

    Example:
    >>> from keras_drop.evaluation.parts.visibility_thresholds import (
    ...     best_threshold,
    ... )
    >>> round(best_threshold([0.1, 0.4, 0.3, 0.9], [0, 0, 1, 1]), 2)
    0.2
    """

    values: tuple
    before: PartQuality
    after: PartQuality

    def applied(self, model):
        """The model with these thresholds, which files keep; not compiled."""
        return model.with_visibility_thresholds(self.values)

    def as_dictionary(self):
        """For a result card: each part's threshold, and what it changed."""
        return {
            name: {
                "threshold": round(threshold, 4),
                "before": round(_balanced(*old), 4),
                "after": round(_balanced(*new), 4),
            }
            for name, threshold, old, new in zip(
                self.before.part_names,
                self.values,
                self.before.counts.tolist(),
                self.after.counts.tolist(),
            )
        }

    def table(self):
        """Markdown, one line a part: threshold, balanced accuracy (%)."""
        rows = [["part", "threshold", "before (%)", "after (%)"]]
        for name, told in self.as_dictionary().items():
            shares = (100 * told["before"], 100 * told["after"])
            rows.append(
                [
                    name.replace("_", " "),
                    f"{told['threshold']:.3f}",
                    *(f"{share:.1f}" for share in shares),
                ]
            )
        return markdown_table(rows, num_names=1)


def best_thresholds(scores, visible, lowest=0.0):
    """The threshold of each part with the best balanced accuracy.

    A part that is visible or hidden in fewer than 20 images gets the one that
    is best for all parts together.

    Args:
        scores: `(num_images, num_parts)` probabilities or margins.
        visible: The same of bool, the truth.
        lowest: What no score is below.

    Returns:
        Tuple of floats.

    Raises:
        ValueError: Fewer than 5 parts of all images are hidden, or visible.
    """
    scores, visible = np.asarray(scores), np.asarray(visible, bool)
    if min(visible.sum(), (~visible).sum()) < FEWEST:
        kind = "visible" if visible.sum() < FEWEST else "hidden"
        raise ValueError(
            f"Fewer than {FEWEST} of {visible.size} parts are {kind}, too few "
            "to tell the two apart. Give more images, and hide some by "
            '`occlusions=named_occlusions(["roa:0.5"])`.'
        )
    overall = best_threshold(scores.ravel(), visible.ravel(), lowest)
    of_either = np.minimum(visible.sum(axis=0), (~visible).sum(axis=0))
    return tuple(
        best_threshold(scores[:, k], visible[:, k], lowest)
        if of_either[k] >= FEWEST_OF_PART
        else overall
        for k in range(scores.shape[1])
    )


def best_threshold(scores, visible, lowest=0.0):
    """The threshold with the best balanced accuracy, of equals the middle.

    Args:
        scores: `(num_images,)` probabilities or margins.
        visible: `(num_images,)` bool, the truth, of both kinds.
        lowest: What no score is below.

    Returns:
        Float, between `lowest` and 1.
    """
    scores, visible = np.asarray(scores, "float64"), np.asarray(visible, bool)
    order = np.argsort(scores, kind="stable")
    ascending, shown = scores[order], visible[order]
    # Between two neighbours k are below: of these the hidden ones are right.
    hidden_below = np.concatenate([[0], np.cumsum(~shown)]) / (~shown).sum()
    shown_below = np.concatenate([[0], np.cumsum(shown)]) / shown.sum()
    accuracy = hidden_below + 1 - shown_below
    edges = np.concatenate([[lowest + _EDGE], ascending, [1 - _EDGE]])
    # Between equal scores there is no threshold.
    accuracy[edges[1:] <= edges[:-1]] = -1
    best = np.flatnonzero(accuracy >= accuracy.max() - 1e-12)
    k = best[(len(best) - 1) // 2]
    middle = (edges[k] + edges[k + 1]) / 2
    return float(np.clip(middle, lowest + _EDGE, 1 - _EDGE))


def _balanced(visible, right, hidden, known):
    """Balanced accuracy; of one kind alone its own share."""
    shares = [
        share / count
        for count, share in ((visible, right), (hidden, known))
        if count
    ]
    return float(np.mean(shares))

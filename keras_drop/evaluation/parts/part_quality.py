import dataclasses

import numpy as np

from keras_drop.evaluation.groups.markdown import markdown_table
from keras_drop.evaluation.groups.part_overlap import PartOverlap


@dataclasses.dataclass(frozen=True)
class PartQuality:
    """How well parts are found, and whether hidden ones are known as hidden.

    A part of an image is visible if a pixel of the label has it. That shares
    are told for visible and for hidden parts apart matters: where most parts
    are visible, a model that calls all of them visible is right most often.

    Args:
        overlap: `PartOverlap` of the parts.
        person_iou: Intersection over union of the whole person.
        counts: `(num_parts, 4)` numbers of images: where the part is visible,
            those of them where the model says so, where it is hidden, those
            of them where the model says so.
        num_images: Images that were looked at.

    Example:
    >>> import numpy as np
    >>> from keras_drop.evaluation import PartQuality
    >>> truth = np.array([[[1, 2]], [[1, 1]]])
    >>> quality = PartQuality.of(
    ...     truth, truth, np.array([[1, 1], [1, 1]]), ["head", "legs"]
    ... )
    >>> quality.mask_iou, quality.visible_right, quality.hidden_right
    (1.0, 1.0, 0.0)
    """

    overlap: PartOverlap
    person_iou: float
    counts: np.ndarray
    num_images: int

    @classmethod
    def of(cls, truth, found, visibility, part_names):
        """Compares what a model says with labels.

        Args:
            truth: `(num_images, height, width)` part numbers, 0 the background.
            found: The most likely part of each cell, on any grid.
            visibility: `(num_images, num_parts)`, bool or in `[0, 1]`; from
                0.5 on a part counts as called visible.
            part_names: Names of the parts, without the background.

        Returns:
            `PartQuality`.
        """
        parts, person = PartOverlap(part_names), PartOverlap(["person"])
        for true, seen in zip(truth, found, strict=True):
            seen = _on_grid(seen, true.shape)
            parts.add(true, seen)
            person.add(true > 0, seen > 0)
        called = np.asarray(visibility) >= 0.5
        visible = visible_parts_of(truth, len(part_names))
        counts = np.stack(
            [
                visible.sum(axis=0),
                (visible & called).sum(axis=0),
                (~visible).sum(axis=0),
                (~visible & ~called).sum(axis=0),
            ],
            axis=1,
        )
        person_iou = person.mean(background=False)
        return cls(parts, person_iou, counts, len(truth))

    @property
    def part_names(self):
        """Names of the parts, without the background."""
        return self.overlap.names[1:]

    @property
    def mask_iou(self):
        """Mean intersection over union of the parts, without background."""
        return self.overlap.mean(background=False)

    @property
    def visible_right(self):
        """Share of the visible parts that are called visible."""
        return _share(*self.counts[:, :2].sum(axis=0))

    @property
    def hidden_right(self):
        """Share of the hidden parts that are called hidden, or NaN."""
        return _share(*self.counts[:, 2:].sum(axis=0))

    @property
    def balanced_accuracy(self):
        """Mean of `visible_right` and `hidden_right`; chance is 0.5."""
        return (self.visible_right + self.hidden_right) / 2

    @property
    def metrics(self):
        """Dictionary of what is watched in training."""
        return {
            "mask_iou": self.mask_iou,
            "visible_right": self.visible_right,
            "hidden_right": self.hidden_right,
        }

    def as_dictionary(self):
        """What a result card tells: figures of all parts and of each."""
        each = self.overlap.of_each()
        return {
            "images": self.num_images,
            "person_iou": round(self.person_iou, 4),
            **{name: _rounded(x) for name, x in self.metrics.items()},
            "each": {
                name: {
                    "iou": _rounded(each[name]),
                    "visible": int(visible),
                    "visible_right": _rounded(_share(visible, right)),
                    "hidden": int(hidden),
                    "hidden_right": _rounded(_share(hidden, known)),
                }
                for name, (visible, right, hidden, known) in zip(
                    self.part_names, self.counts
                )
            },
        }

    def table(self):
        """Markdown, one line a part, shares in percent."""
        told = self.as_dictionary()
        lines = [*told["each"].items(), ("**all**", self._all(told))]
        header = ["part", "IoU (%)", "visible, called so", "hidden, called so"]
        rows = [
            [
                name.replace("_", " "),
                _percent(part["iou"]),
                f"{_percent(part['visible_right'])} % of {part['visible']:,}",
                f"{_percent(part['hidden_right'])} % of {part['hidden']:,}",
            ]
            for name, part in lines
        ]
        return markdown_table([header, *rows], num_names=1)

    def _all(self, told):
        visible, _, hidden, _ = self.counts.sum(axis=0)
        iou = told["mask_iou"]
        return {**told, "iou": iou, "visible": visible, "hidden": hidden}


def visible_parts_of(truth, num_parts):
    """`(num_images, num_parts)` bool: which parts labels show at all."""
    numbers = np.arange(1, 1 + num_parts)
    cells = np.asarray(truth).reshape(len(truth), -1, 1)
    return (cells == numbers).any(axis=1)


def _on_grid(numbers, shape):
    """Part numbers on another grid, each cell by the nearest one."""
    rows, columns = (
        (2 * np.arange(count) + 1) * length // (2 * count)
        for count, length in zip(shape, numbers.shape)
    )
    return numbers[rows[:, None], columns]


def _share(count, right):
    return float(right / count) if count else float("nan")


def _rounded(value):
    """For files: no part of that kind is `None`, which JSON knows."""
    return None if np.isnan(value) else round(float(value), 4)


def _percent(value):
    return "-" if value is None else f"{100 * value:.1f}"

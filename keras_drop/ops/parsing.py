"""What is read off parsing maps: masks, visibility and targets."""

from keras import ops

from keras_drop.checks import checked_choice
from keras_drop.ops.resize import resize_corner_aligned

VISIBILITY_RULES = ("argmax", "continuous", "threshold", "margin")


def foreground_mask(part_maps):
    """How much each cell belongs to the person: its most likely part.

    Args:
        part_maps: `(batch, height, width, 1 + parts)`, background first.

    Returns:
        `(batch, height, width)`, the maximum (not the sum) over the parts.

    Example:
    >>> from keras import ops
    >>> from keras_drop.ops import foreground_mask
    >>> float(foreground_mask(ops.array([[[[0.5, 0.2, 0.3]]]]))[0, 0, 0])
    0.30000001192092896

    Reference:
        [Somers et al., 2023](https://arxiv.org/abs/2211.03679)
    """
    return ops.max(part_maps[..., 1:], axis=-1)


def part_visibility(part_maps, rule="argmax", threshold=0.4):
    """Which parts an image shows, by its parsing map.

    Args:
        part_maps: `(batch, height, width, 1 + parts)` probabilities,
            background first.
        rule: `"argmax"`: a part is visible if it is the most likely class of
            a cell (each of several equally likely ones counts).
            `"continuous"`: its largest probability. `"threshold"`: visible if
            that reaches `threshold`. `"margin"`: visible if its `part_margins`
            reaches `threshold`; with 0 it is `"argmax"`.
        threshold: Used by the rules `"threshold"` and `"margin"` alone; one
            number, or one for each part.

    Returns:
        `(batch, 1 + parts)` float32 in `[0, 1]`, the foreground first. The
        foreground is always visible.

    Raises:
        ValueError: An unknown rule.

    Example:
    >>> from keras import ops
    >>> from keras_drop.ops import part_visibility
    >>> maps = ops.array([[[[0.6, 0.1, 0.3], [0.1, 0.2, 0.7]]]])
    >>> ops.convert_to_numpy(part_visibility(maps))
    array([[1., 0., 1.]], dtype=float32)

    Reference:
        [Somers et al., 2023](https://arxiv.org/abs/2211.03679)
    """
    checked_choice("rule", rule, VISIBILITY_RULES)
    part_maps = ops.cast(part_maps, "float32")
    parts = part_maps[..., 1:]
    if rule == "argmax":
        # Written without `argmax`, which several exports reject.
        best = ops.max(part_maps, axis=-1, keepdims=True)
        parts = ops.cast(parts >= best, "float32")
    visibility = ops.max(parts, axis=(1, 2))
    if rule == "margin":
        visibility = part_margins(part_maps)
    if rule in ("threshold", "margin"):
        least = ops.convert_to_tensor(threshold, "float32")
        visibility = ops.cast(visibility >= least, "float32")
    foreground = ops.ones_like(visibility[:, :1])
    return ops.concatenate([foreground, visibility], axis=1)


def part_margins(part_maps):
    """By how much a part is the likeliest class, where it is most so.

    Args:
        part_maps: `(batch, height, width, 1 + parts)` probabilities,
            background first.

    Returns:
        `(batch, parts)` float32 in `[-1, 1]`: the most, over all cells, of a
        part's probability less that of the likeliest other class. Below 0 it
        is the likeliest one nowhere.

    Example:
    >>> from keras import ops
    >>> from keras_drop.ops import part_margins
    >>> maps = ops.array([[[[0.5, 0.25, 0.25], [0.0, 0.25, 0.75]]]])
    >>> ops.convert_to_numpy(part_margins(maps))
    array([[-0.25,  0.5 ]], dtype=float32)
    """
    part_maps = ops.cast(part_maps, "float32")
    best = ops.max(part_maps, axis=-1, keepdims=True)
    is_best = part_maps >= best
    alone = ops.sum(ops.cast(is_best, "int32"), axis=-1, keepdims=True) == 1
    second = ops.max(
        ops.where(is_best, -1.0, part_maps), axis=-1, keepdims=True
    )
    other = ops.where(ops.logical_and(is_best, alone), second, best)
    return ops.max((part_maps - other)[..., 1:], axis=(1, 2))


def competing_part_maps(probabilities):
    """Maps that sum to 1, from one independent probability a part.

    What is not there by any part is background: its share is the product of
    the complements. Then all shares are divided by their sum.

    Args:
        probabilities: `(batch, height, width, parts)`, values in `[0, 1]`.

    Returns:
        `(batch, height, width, 1 + parts)`, background first, sum 1.

    Example:
    >>> from keras import ops
    >>> from keras_drop.ops import competing_part_maps
    >>> maps = competing_part_maps(ops.array([[[[0.5, 0.5]]]]))
    >>> ops.convert_to_numpy(maps)[0, 0, 0]
    array([0.2, 0.4, 0.4], dtype=float32)

    Reference:
        [Huang et al., 2020](https://doi.org/10.1109/ICME46284.2020.9102789)
    """
    background = ops.prod(1 - probabilities, axis=-1, keepdims=True)
    shares = ops.concatenate([background, probabilities], axis=-1)
    return shares / ops.sum(shares, axis=-1, keepdims=True)


def parsing_targets(soft_labels, grid):
    """The class of each cell, from soft labels on another grid.

    Args:
        soft_labels: `(batch, height, width, 1 + parts)`, background first.
        grid: `(height, width)` of the result; the labels are resized to it
            (bilinear, corners aligned) before the classes are compared.

    Returns:
        `(batch, *grid)` int32, 0 for the background. Of equally likely
        classes the lowest one.

    Example:
    >>> from keras import ops
    >>> from keras_drop.ops import parsing_targets
    >>> labels = ops.array([[[[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]]])
    >>> ops.convert_to_numpy(parsing_targets(labels, (1, 2)))
    array([[[1, 2]]], dtype=int32)

    Reference:
        [Somers et al., 2023](https://arxiv.org/abs/2211.03679)
    """
    soft_labels = resize_corner_aligned(ops.cast(soft_labels, "float32"), grid)
    num_classes = soft_labels.shape[-1]
    best = ops.max(soft_labels, axis=-1, keepdims=True)
    classes = ops.arange(num_classes, dtype="int32")
    return ops.min(
        ops.where(soft_labels >= best, classes, num_classes - 1), axis=-1
    )

"""How much a part counts when two images are compared."""

from keras import ops

from keras_drop.checks import checked_choice

PAIR_VISIBILITY_RULES = ("product", "sqrt")
"""How two visibilities become one weight: the choices of `rule`."""


def pair_visibility(x, y, rule="product"):
    """Weight of every part for every pair of images.

    It carries no gradient: a model must not learn to hide a part because
    that part is far away.

    Args:
        x: `(n, parts)` visibilities in `[0, 1]`.
        y: `(m, parts)` visibilities in `[0, 1]`.
        rule: `"product"` of the two, or its root, `"sqrt"`.

    Returns:
        `(n, m, parts)` floats in `[0, 1]`.

    Raises:
        ValueError: An unknown rule.

    Example:
    >>> from keras import ops
    >>> from keras_drop.ops import pair_visibility
    >>> visibility = ops.array([[1.0, 0.25]])
    >>> float(pair_visibility(visibility, visibility, "sqrt")[0, 0, 1])
    0.25
    """
    checked_choice("rule", rule, PAIR_VISIBILITY_RULES)
    product = ops.stop_gradient(x[:, None, :] * y[None, :, :])
    return product if rule == "product" else ops.sqrt(product)

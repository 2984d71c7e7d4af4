"""Whether what a file says of a result can be one."""

import numpy as np

from keras_drop.checks import refuse_negative, refuse_outside


def check_card_values(fields):
    """Refuses values that no evaluation gives.

    Args:
        fields: Dictionary of the fields of a `ResultCard`.

    Raises:
        ValueError: Says which value it is.
    """
    result = fields["result"]
    _check_result(result)
    refuse_negative(
        num_gallery=fields["num_gallery"],
        num_not_comparable_pairs=result.num_not_comparable_pairs,
        num_not_comparable_queries=result.num_not_comparable_queries,
    )
    order, number = fields["query_order"], len(result.counted)
    if not np.array_equal(np.sort(order), np.arange(number)):
        raise ValueError(f"`query_order` does not order the {number} queries.")
    for name, ends in fields["intervals"].items():
        low, high = ends
        refuse_outside(0, 1, **{f"low end of {name}": low})
        refuse_outside(low, 1, **{f"high end of {name}": high})


def _check_result(result):
    number = len(result.counted)
    shapes = {
        "hits": (number, result.hits.shape[-1]),
        "average_precision": (number,),
        "first_rank": (number,),
        "inverse_negative_penalty": (number,),
        "counted": (number,),
    }
    for name, shape in shapes.items():
        if getattr(result, name).shape != shape:
            raise ValueError(
                f"`{name}` has the shape {getattr(result, name).shape}, of "
                f"{number} queries it is {shape}."
            )
    if result.counted.dtype != bool or not result.counted.any():
        raise ValueError("`counted` are truths, of which one is true at least.")
    if result.first_rank.dtype.kind not in "iu" or result.first_rank.min() < 0:
        raise ValueError("`first_rank` are whole numbers, none below 0.")
    for name in ("hits", "average_precision", "inverse_negative_penalty"):
        values = getattr(result, name)[result.counted]
        if not ((values >= 0) & (values <= 1 + 1e-9)).all():
            raise ValueError(f"`{name}` are shares from 0 to 1.")

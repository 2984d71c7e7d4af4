import numpy as np

from keras_drop.visualization.drawing import (
    FAINT,
    INK,
    LINE,
    RIGHT,
    WRONG,
    canvas,
    font,
    save,
)

_SIDE, _COUNTS = 360, 80
_LEFT, _TOP, _RIGHT, _GAP, _BOTTOM = 72, 96, 34, 30, 50
_BAR = 64, 132, 214


def save_reliability_diagram(path, reliability, *, title="Reliability"):
    """Draws how often what is said to be so likely is true.

    Above, a bar per bin shows the share of pairs of the same person, and a
    line in red how far that is from the mean probability of the bin: on the
    diagonal, probabilities are true. Below stands how many pairs there are in
    each bin, on a logarithmic scale.

    Args:
        path: The `.png` file to write.
        reliability: `Reliability`, as `PairVerdict.reliability` gives it.
        title: Heading of the picture.

    Returns:
        The path.

    Raises:
        ValueError: No pairs, or a file name that does not end with `.png`.

    Example:
    >>> from keras_drop.visualization import save_reliability_diagram
    >>> reliability = verdict.reliability(query, gallery, records["query"],
    ...     records["gallery"])  # doctest: +SKIP
    >>> save_reliability_diagram("reliability.png",
    ...     reliability)  # doctest: +SKIP
    """
    num_pairs = np.asarray(reliability.num_pairs)
    if not num_pairs.sum():
        raise ValueError("There is no pair to draw; all bins are empty.")
    counts_top = _TOP + _SIDE + _GAP
    image, draw = canvas(_LEFT + _SIDE + _RIGHT, counts_top + _COUNTS + _BOTTOM)
    draw.text((_LEFT, 24), title, INK, font(18), anchor="lm")
    error = reliability.expected_calibration_error
    caption = (
        f"expected calibration error {error:.3f}, {num_pairs.sum():,} pairs, "
        f"prior {reliability.prior:.2g}"
    )
    draw.text((_LEFT, 50), caption, FAINT, font(13), anchor="lm")
    _draw_axes(draw, counts_top)
    heights = np.log10(1 + num_pairs) / np.log10(1 + num_pairs.max())
    for k, height in enumerate(heights):
        if num_pairs[k]:
            left, right = (_across(edge) for edge in reliability.edges[k:][:2])
            same, said = reliability.same[k], reliability.probability[k]
            box = left + 2, _up(same), right - 2, _up(0)
            draw.rectangle(box, fill=_BAR)
            _draw_gap(draw, _across(said), _up(said), _up(same))
            bottom = counts_top + _COUNTS
            top = round(bottom - height * (_COUNTS - 14))
            draw.rectangle((left + 2, top, right - 2, bottom), fill=FAINT)
    draw.line((_across(0), _up(0), _across(1), _up(1)), RIGHT, 2)
    most = f"{num_pairs.max():,} pairs"
    draw.text((_LEFT, counts_top - 2), most, FAINT, font(12), anchor="lm")
    return save(image, path)


def _across(share):
    return round(_LEFT + share * _SIDE)


def _up(share):
    return round(_TOP + (1 - share) * _SIDE)


def _draw_gap(draw, x, said, same):
    """From the share of the same to the diagonal at the mean probability."""
    draw.line((x, same, x, said), WRONG, 3)
    draw.ellipse((x - 4, said - 4, x + 4, said + 4), WRONG)


def _draw_axes(draw, counts_top):
    for share in (0, 0.25, 0.5, 0.75, 1):
        label = f"{share:g}"
        draw.line((_across(0), _up(share), _across(1), _up(share)), LINE)
        place = _LEFT - 8, _up(share)
        draw.text(place, label, FAINT, font(12), anchor="rm")
        place = _across(share), counts_top + _COUNTS + 12
        draw.text(place, label, FAINT, font(12), anchor="mm")
    bottom = counts_top + _COUNTS
    draw.line((_across(0), bottom, _across(1), bottom), LINE)
    place = _across(0.5), bottom + 32
    text = "probability of the same person"
    draw.text(place, text, INK, font(13), anchor="mm")
    draw.text((_LEFT, _TOP - 8), "same person", INK, font(12), anchor="lb")

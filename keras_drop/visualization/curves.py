from keras_drop.visualization.drawing import (
    FAINT,
    INK,
    LINE,
    canvas,
    draw_legend,
    font,
    part_colours,
    save,
)

_LEFT, _TOP, _STEP, _HEIGHT, _MARGIN = 60, 64, 120, 280, 28


def save_curves(path, curves, title="mAP"):
    """Draws how a share changes from condition to condition, with intervals.

    Args:
        path: The `.png` file to write.
        curves: Dictionary from each method to a dictionary from each
            condition, the same ones in the same order, to the tuple of share,
            low and high end of its interval; `evaluation.severity_curve`
            gives such a one.
        title: What is drawn, such as the name of the metric.

    Returns:
        The path.

    Raises:
        ValueError: No curve, curves over other conditions, values that are no
            shares, or a file name that does not end with `.png`.

    Example:
    >>> from keras_drop.visualization import save_curves
    >>> import tempfile
    >>> curves = {"DROP": {"none": (0.9, 0.85, 0.95), "heavy": (0.6, 0.5, 0.7)}}
    >>> path = save_curves(f"{tempfile.mkdtemp()}/curve.png", curves, "rank-1")
    >>> path.name
    'curve.png'
    """
    _check(curves)
    conditions = list(next(iter(curves.values())))
    colours = part_colours(len(curves))
    width = _LEFT + _STEP * len(conditions) + _MARGIN
    legend = (_LEFT, 34), curves, colours, width - _LEFT
    _, pen = canvas(1, 1)
    # Names that do not fit beside each other take lines of their own.
    top = max(_TOP, draw_legend(pen, *legend) + 8)
    image, draw = canvas(width, top + _HEIGHT + 40)
    draw.text((_LEFT, 20), f"{title}, %", INK, font(16), anchor="lm")
    draw_legend(draw, *legend)
    _draw_axes(draw, conditions, width, top)
    for k, (row, colour) in enumerate(zip(curves.values(), colours)):
        # Beside each other, so that intervals do not hide each other.
        shift = 10 * (k - (len(curves) - 1) / 2)
        places = [_centre(place) + shift for place in range(len(row))]
        points = [(x, _y(v[0], top)) for x, v in zip(places, row.values())]
        for (x, y), (_, low, high) in zip(points, row.values()):
            ends = _y(low, top), _y(high, top)
            draw.line((x, ends[0], x, ends[1]), colour, 2)
            for end in ends:
                draw.line((x - 4, end, x + 4, end), colour, 2)
            draw.ellipse((x - 4, y - 4, x + 4, y + 4), colour)
        draw.line(points, colour, 2)
    return save(image, path)


def _draw_axes(draw, conditions, width, top):
    for percent in range(0, 101, 20):
        y = _y(percent / 100, top)
        draw.line((_LEFT, y, width - _MARGIN, y), LINE)
        draw.text((_LEFT - 8, y), str(percent), FAINT, font(13), anchor="rm")
    for place, condition in enumerate(conditions):
        below = _centre(place), top + _HEIGHT + 18
        draw.text(below, str(condition), INK, font(14), anchor="mm")


def _centre(place):
    return _LEFT + _STEP * (place + 0.5)


def _y(share, top):
    return top + _HEIGHT * (1 - share)


def _check(curves):
    if not curves or not all(curves.values()):
        raise ValueError("There is no curve to draw: `curves` is empty.")
    conditions = list(next(iter(curves.values())))
    for method, row in curves.items():
        if list(row) != conditions:
            raise ValueError(
                f"The curve of {method} is over {list(row)}, the first one "
                f"over {conditions}. Draw curves over the same conditions."
            )
        for condition, values in row.items():
            if not all(0 <= value <= 1 for value in values):
                raise ValueError(
                    f"Shares are between 0 and 1; those of {method} at "
                    f"{condition} are {values}."
                )

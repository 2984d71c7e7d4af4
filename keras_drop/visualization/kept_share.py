from keras_drop.visualization.drawing import (
    FAINT,
    INK,
    LINE,
    canvas,
    font,
    part_colours,
    save,
)

_WIDTH, _BAR, _STEP, _MARGIN = 420, 22, 46, 24


def save_kept_share(path, shares, title="Patches that lie on the person"):
    """Draws how many of the kept patches lie on the person, against chance.

    A bar for each group of images, with a mark where as many patches, kept
    at random, would be.

    Args:
        path: The `.png` file to write.
        shares: Dictionary from the name of each group to the pair of shares
            in `[0, 1]`: of the kept patches, and of all patches.
        title: What is drawn.

    Returns:
        The path.

    Raises:
        ValueError: No group, values that are no shares, or a file name that
            does not end with `.png`.

    Example:
    >>> from keras_drop.visualization import save_kept_share
    >>> import tempfile
    >>> shares = {"whole": (0.61, 0.42), "occluded": (0.38, 0.21)}
    >>> save_kept_share(f"{tempfile.mkdtemp()}/share.png", shares).name
    'share.png'
    """
    if not shares:
        raise ValueError("There is nothing to draw: `shares` is empty.")
    for name, pair in shares.items():
        if not all(0 <= share <= 1 for share in pair):
            raise ValueError(
                f"Shares are between 0 and 1; those of {name} are {pair}."
            )
    _, pen = canvas(1, 1)
    longest = max(pen.textlength(name, font(14)) for name in shares)
    left = _MARGIN + round(longest) + 12
    height = 52 + _STEP * len(shares)
    image, draw = canvas(left + _WIDTH + 60 + _MARGIN, height + 36)
    draw.text((_MARGIN, 22), f"{title}, %", INK, font(16), anchor="lm")
    for percent in range(0, 101, 20):
        x = left + _WIDTH * percent / 100
        draw.line((x, 44, x, height), LINE)
        draw.text((x, height + 14), str(percent), FAINT, font(13), anchor="mm")
    colour = part_colours(2)[1]
    for number, (name, (kept, chance)) in enumerate(shares.items()):
        y = 52 + number * _STEP + _STEP // 2 - 4
        draw.text((left - 10, y), name, INK, font(14), anchor="rm")
        end = left + _WIDTH * kept
        draw.rectangle((left, y - _BAR // 2, end, y + _BAR // 2), colour)
        draw.text(
            (left + _WIDTH + 10, y),
            f"{100 * kept:.1f}",
            INK,
            font(14),
            anchor="lm",
        )
        mark = left + _WIDTH * chance
        draw.line((mark, y - _BAR // 2 - 6, mark, y + _BAR // 2 + 6), INK, 3)
        label = f"chance {100 * chance:.1f}"
        draw.text(
            (mark, y + _BAR // 2 + 14), label, FAINT, font(11), anchor="mm"
        )
    return save(image, path)

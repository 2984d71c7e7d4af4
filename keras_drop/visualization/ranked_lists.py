import numpy as np

from keras_drop.checks import refuse_no_count, refuse_wrong_rows
from keras_drop.visualization.drawing import (
    FAINT,
    INK,
    LINE,
    RIGHT,
    WRONG,
    canvas,
    draw_legend,
    embedding_colours,
    font,
    read_image,
    save,
)

_IMAGE = 96, 192
_GAP, _MARGIN, _QUERY_GAP, _CAPTION = 14, 28, 30, 58


def save_ranked_lists(
    path,
    query_records,
    gallery_records,
    rows,
    *,
    distances=None,
    query=None,
    gallery=None,
    num_queries=8,
):
    """Draws queries with their nearest gallery images, right and wrong.

    A line per query: its image, then the gallery images in order, green with
    a tick if they show the same person and red with a cross if not. Below
    each image stand identity, camera and distance, and one coloured square
    per part: full where the part is seen, hollow where it is hidden.

    Args:
        path: The `.png` file to write.
        query_records: `Records` of the queries.
        gallery_records: `Records` of the gallery.
        rows: `(num_query, k)` rows of the gallery, nearest first, as
            `evaluation.nearest` returns; `-1` is an empty place.
        distances: `(num_query, k)` floats. Left out, none is shown.
        query: `Descriptors` of the queries. Left out, no parts are shown.
        gallery: `Descriptors` of the gallery, given with `query`.
        num_queries: Number of lines, evenly spread over the queries.

    Returns:
        The path.

    Raises:
        FileNotFoundError: An image is missing.
        ValueError: Arrays that do not fit the records, no query, or a file
            name that does not end with `.png`.

    Example:
    >>> from keras_drop.evaluation import nearest
    >>> from keras_drop.visualization import save_ranked_lists
    >>> rows, distances = nearest(query, gallery, records["query"],
    ...     records["gallery"], k=8)  # doctest: +SKIP
    >>> save_ranked_lists("ranked.png", records["query"], records["gallery"],
    ...     rows, distances=distances)  # doctest: +SKIP
    """
    refuse_no_count(num_queries=num_queries)
    rows = np.asarray(rows)
    _check(query_records, gallery_records, rows, distances, query, gallery)
    count = min(num_queries, len(rows))
    chosen = np.linspace(0, len(rows) - 1, count).round().astype(int)
    names = () if query is None else query.names
    colours = embedding_colours(names)
    width = 2 * _MARGIN + (rows.shape[1] + 1) * (_IMAGE[0] + _GAP) + _QUERY_GAP
    line = _IMAGE[1] + _CAPTION + 22
    legend = _legend_height(names, colours, width)
    image, draw = canvas(width, _MARGIN + 20 + legend + count * line)
    draw_legend(
        draw, (_MARGIN, _MARGIN - 10), names, colours, width - 2 * _MARGIN
    )
    top = _MARGIN + legend
    _headings(draw, top, rows.shape[1])
    for y, row in zip(range(top + 20, image.height, line), chosen):
        corner = _MARGIN, y
        _draw_person(
            image, draw, corner, query_records, row, "query", query, INK
        )
        for rank, number in enumerate(rows[row]):
            x = _MARGIN + _QUERY_GAP + (rank + 1) * (_IMAGE[0] + _GAP)
            if number < 0:
                box = (x, y, x + _IMAGE[0], y + _IMAGE[1])
                draw.rounded_rectangle(box, 4, outline=LINE)
                continue
            right = (
                gallery_records.identities[number]
                == query_records.identities[row]
            )
            colour = RIGHT if right else WRONG
            _draw_person(
                image,
                draw,
                (x, y),
                gallery_records,
                number,
                "gallery",
                gallery,
                colour,
                None if distances is None else distances[row][rank],
            )
            _draw_badge(draw, (x + _IMAGE[0] - 4, y + 4), right, colour)
    return save(image, path)


def caption_of(records, row):
    """Who an image shows and which camera saw it, by name if there are names.

    Example:
    >>> from keras_drop import Records
    >>> from keras_drop.visualization.ranked_lists import caption_of
    >>> caption_of(Records(["a.jpg"], [7], [0], camera_names=["door"]), 0)
    'id 7  cam door'
    """
    identities = getattr(records, "identity_names", records.identities)
    cameras = getattr(records, "camera_names", records.cameras)
    return f"id {identities[row]}  cam {cameras[row]}"


def _legend_height(names, colours, width):
    _, draw = canvas(1, 1)
    return draw_legend(draw, (0, 0), names, colours, width - 2 * _MARGIN)


def _headings(draw, top, num_ranks):
    centre = _MARGIN + _IMAGE[0] / 2
    draw.text((centre, top), "query", INK, font(14), anchor="mm")
    for rank in range(num_ranks):
        x = centre + _QUERY_GAP + (rank + 1) * (_IMAGE[0] + _GAP)
        draw.text((x, top), str(rank + 1), FAINT, font(14), anchor="mm")


def _draw_person(
    image, draw, corner, records, row, role, descriptors, colour, distance=None
):
    x, y = corner
    picture = read_image(records.paths[row], _IMAGE, f"{role} {row}")
    image.paste(picture, (x, y))
    box = (x - 4, y - 4, x + _IMAGE[0] + 3, y + _IMAGE[1] + 3)
    draw.rounded_rectangle(box, 5, outline=colour, width=4)
    below = y + _IMAGE[1] + 8
    draw.text((x, below), caption_of(records, row), INK, font(12))
    if distance is not None:
        draw.text((x, below + 17), f"{distance:.3f}", FAINT, font(12))
    if descriptors is not None:
        seen = descriptors.visibility[row].astype("float32")
        colours = embedding_colours(descriptors.names)
        _draw_parts(draw, (x, below + 35), seen, colours)


def _draw_parts(draw, corner, seen, colours):
    x, y = corner
    size = min(11, _IMAGE[0] / len(seen) - 2)
    for visibility, colour in zip(seen, colours):
        draw.rectangle((x, y, x + size, y + size), outline=colour)
        if visibility > 0:
            middle = y + size * (1 - float(visibility))
            draw.rectangle((x, middle, x + size, y + size), fill=colour)
        x += size + 2


def _draw_badge(draw, centre, right, colour):
    x, y = centre
    draw.ellipse((x - 10, y - 10, x + 10, y + 10), colour, (255, 255, 255), 2)
    if right:
        draw.line((x - 5, y, x - 1, y + 4, x + 5, y - 4), (255, 255, 255), 2)
    else:
        for sign in (-1, 1):
            ends = (x - 4, y - 4 * sign, x + 4, y + 4 * sign)
            draw.line(ends, (255, 255, 255), 2)


def _check(query_records, gallery_records, rows, distances, query, gallery):
    refuse_wrong_rows(rows, len(query_records), len(gallery_records))
    if distances is not None and np.shape(distances) != rows.shape:
        raise ValueError(
            f"`distances` have the shape {np.shape(distances)}, `rows` "
            f"{rows.shape}; give one distance per row."
        )
    if (query is None) != (gallery is None):
        raise ValueError("Give `query` and `gallery`, or neither of them.")
    if query is not None and (len(query), len(gallery)) != (
        len(query_records),
        len(gallery_records),
    ):
        raise ValueError(
            f"{len(query)} and {len(gallery)} descriptors do not fit "
            f"{len(query_records)} queries and {len(gallery_records)} gallery "
            "images."
        )

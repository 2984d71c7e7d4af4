import numpy as np

from keras_drop.visualization.drawing import embedding_colours
from keras_drop.visualization.explained_match import (
    STYLE,
    listed,
    match_body,
    match_head,
    match_pictures,
)
from keras_drop.visualization.html_page import text, write_page

# Nested, so that the section may stand in other pages.
SECTION_STYLE = (
    ".explained{"
    + STYLE
    + """
section{display:grid;grid-template-columns:17rem 1fr;gap:1.2rem;
border-top:1px solid #ccc;padding:1.2rem 0}
h2{font-size:1.05rem;font-weight:600;margin:0 0 .5rem}
.query{position:sticky;top:.5rem;align-self:start}
ol{display:grid;grid-template-columns:repeat(auto-fill,minmax(17rem,1fr));
gap:1rem;margin:0;padding:0}
li{list-style:none;border:1px solid #d0d4dc;border-radius:8px;padding:.8rem;
box-sizing:border-box;min-width:0}
.how{font-size:.9rem;color:#555;max-width:60rem}
.seen{font-size:.9rem;margin:.5rem 0 0}
@media(max-width:44rem){section{grid-template-columns:1fr}
.query{position:static}ol{grid-template-columns:1fr}}
}"""
)
HOW_TO_READ = (
    "The shorter a bar, the more alike the two are in that part. Coloured "
    "bars were counted; hatched ones were not: an obstacle hides the part in "
    "one of the images, and what is there may be the obstacle, or the part "
    "was not asked for. Beside each image lie the parts that the model sees "
    "in it."
)


def save_explanations(path, queries, *, title="Why these were found"):
    """Writes why images were found, part by part, as one HTML file.

    For each query: its photo, and each image found, with the parts that the
    model sees in both, a bar for the distance of each part, which parts
    counted and why others did not, and what the distance and the place in the
    list would be had the hidden ones counted too. The file needs nothing
    else, neither a script nor a network.

    Args:
        path: The `.html` file to write.
        queries: List of `ExplainedQuery`.
        title: Heading of the page.

    Returns:
        The path.

    Raises:
        ValueError: No query, an image that cannot be read, or a file name that
            does not end with `.html`.

    Example:
    >>> import tempfile
    >>> import numpy as np
    >>> from keras_drop import Descriptors
    >>> from keras_drop.evaluation import compare_parts
    >>> from keras_drop.visualization import ExplainedQuery, save_explanations
    >>> grey = np.full((40, 20, 3), 99, "uint8")
    >>> people = Descriptors(np.eye(2)[:, None] + [[[0.0], [1]]],
    ...     [[True, True], [True, False]], ("head", "feet"))
    >>> found = compare_parts(people[:1], people, [[0, 1]])
    >>> save_explanations(f"{tempfile.mkdtemp()}/why.html",
    ...     [ExplainedQuery([grey], [grey, None], found)]).name
    'why.html'
    """
    if not str(path).lower().endswith((".html", ".htm")):
        raise ValueError(f"The page is an HTML file; rename {path} to end so.")
    if not queries:
        raise ValueError("There is no query to explain: `queries` is empty.")
    sections = "".join(map(query_section, queries))
    body = (
        f"<h1>{text(title)}</h1><div class=explained>"
        f"<p class=how>{HOW_TO_READ}</p>{sections}</div>"
    )
    return write_page(path, title, SECTION_STYLE, body)


def query_section(query, below=None):
    """HTML of one `ExplainedQuery`.

    Args:
        query: The query.
        below: For each image found, HTML that ends its card.
    """
    comparison, row = query.comparison, query.row
    colours = embedding_colours(comparison.names)
    images = query.images()
    scale = np.nanmax(
        np.append(comparison.part_distances[row].ravel(), 1e-12), initial=0
    )
    shown = [match_pictures(*image, colours) for image in images]
    first = len(query.photos)
    items = [
        "<li>"
        + match_head(
            comparison,
            row,
            place,
            None if query.verdicts is None else query.verdicts[place],
            None if query.captions is None else query.captions[place],
        )
        + shown[first + place]
        + match_body(comparison, row, place, colours, scale, query.parts)
        + ("" if below is None else below[place])
        + "</li>"
        for place in range(query.num_found)
        # `-1` is nobody.
        if not np.isnan(comparison.distances[row, place])
    ]
    seen = comparison.query_visibility[row] > 0
    names = np.array(comparison.names)
    told = f"Shows {listed(names[seen]) or 'nothing'}."
    if not seen.all():
        told += f" Hidden or not asked for: {listed(names[~seen])}."
    return (
        f"<section><div class=query><h2>Query</h2>{''.join(shown[:first])}"
        f"<p class=seen>{text(told)}</p></div><ol>{''.join(items)}</ol>"
        "</section>"
    )

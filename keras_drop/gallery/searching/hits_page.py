"""A search as one HTML file, without a script or anything from elsewhere."""

from keras_drop.visualization.html_page import (
    picture,
    text,
    verdict_badge,
    write_page,
)

_STYLE = """
ol,.q{display:flex;flex-wrap:wrap;gap:1rem;padding:0}
li{list-style:none;border:1px solid #ccc;border-radius:8px;padding:.7rem;
width:13rem;box-sizing:border-box}
dl{display:grid;grid-template-columns:auto 1fr;gap:0 .6rem;margin:.4rem 0 0;
font-size:.85rem}dt{color:#666}dd{margin:0;overflow-wrap:anywhere}
meter{width:100%}.hidden{color:#999}
@media(max-width:30rem){li{width:100%}}
"""


def write_hits(path, hits):
    """Writes the page of `Hits`; returns its path."""
    known = {
        True: "Somebody the gallery knows.",
        False: "Nobody the gallery knows.",
        None: "",
    }[hits.known]
    query = "".join(map(picture, hits.photos))
    farthest = max([*_finite(hits), 1e-12])
    items = "".join(_item(hit, hits.part_names, farthest) for hit in hits)
    title = f"{len(hits)} found"
    return write_page(
        path,
        title,
        _STYLE,
        f"<h1>{title}. {known}</h1><div class=q>{query}</div><ol>{items}</ol>",
    )


def _finite(hits):
    return [value for hit in hits for value in hit.part_distances.values()]


def _item(hit, part_names, farthest):
    told = {
        "identity": hit.identity,
        "camera": hit.camera,
        "time": hit.time,
        **hit.columns,
        "path": hit.path,
        "number": hit.id,
    }
    rows = "".join(
        f"<dt>{text(name)}<dd>{text(value)}"
        for name, value in told.items()
        if value is not None
    )
    bars = "".join(
        f"<dt>{text(name)}<dd>{_bar(hit.part_distances.get(name), farthest)}"
        for name in part_names
    )
    badge = verdict_badge(hit.verdict, hit.probability)
    distance = f" distance {hit.distance:.3f}" if hit.part_distances else ""
    return (
        f"<li>{picture(hit.thumbnail)}<p>{badge}{distance}</p>"
        f"<dl>{rows}</dl><dl>{bars}</dl></li>"
    )


def _bar(distance, farthest):
    if distance is None:
        return "<span class=hidden>not in both</span>"
    share = distance / farthest
    return f'<meter value="{share:.3f}"></meter> {distance:.3f}'

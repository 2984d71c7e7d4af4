"""A search as one HTML file, without a script or anything from elsewhere."""

import base64
import html
import math
from pathlib import Path

from keras_drop.gallery.embedding.photos import thumbnail_of

_STYLE = """
body{font:16px/1.4 system-ui,sans-serif;margin:1.5rem;color:#222}
h1{font-size:1.3rem}ol,.q{display:flex;flex-wrap:wrap;gap:1rem;padding:0}
li{list-style:none;border:1px solid #ccc;border-radius:8px;padding:.7rem;
width:13rem;box-sizing:border-box}
img,.none{height:160px;max-width:100%;object-fit:contain;display:block}
.none{background:#eee;width:80px}
.v{display:inline-block;padding:0 .5rem;border-radius:1rem;background:#eee}
.same{background:#cdebd0}.different{background:#f6d3d0}
dl{display:grid;grid-template-columns:auto 1fr;gap:0 .6rem;margin:.4rem 0 0;
font-size:.85rem}dt{color:#666}dd{margin:0;overflow-wrap:anywhere}
meter{width:100%}.hidden{color:#999}
@media(max-width:30rem){li{width:100%}}
"""


def write_page(path, hits):
    """Writes the page of `Hits`; returns its path."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    known = {
        True: "Somebody the gallery knows.",
        False: "Nobody the gallery knows.",
        None: "",
    }[hits.known]
    query = "".join(_picture(thumbnail_of(photo)) for photo in hits.photos)
    farthest = max([*_finite(hits), 1e-12])
    items = "".join(_item(hit, hits.part_names, farthest) for hit in hits)
    path.write_text(
        "<!doctype html>\n<html lang=en><meta charset=utf-8>"
        '<meta name=viewport content="width=device-width">'
        f"<title>{len(hits)} found</title><style>{_STYLE}</style>"
        f"<h1>{len(hits)} found. {known}</h1>"
        f"<div class=q>{query}</div><ol>{items}</ol></html>\n",
        encoding="utf-8",
    )
    return path


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
        f"<dt>{_text(name)}<dd>{_text(value)}"
        for name, value in told.items()
        if value is not None
    )
    bars = "".join(
        f"<dt>{_text(name)}<dd>{_bar(hit.part_distances.get(name), farthest)}"
        for name in part_names
    )
    title = hit.verdict or "distance"
    if not math.isnan(hit.probability):
        title += f" {hit.probability:.0%}"
    distance = f" {hit.distance:.3f}" if hit.part_distances else ""
    style = hit.verdict if hit.verdict in ("same", "different") else ""
    return (
        f"<li>{_picture(hit.thumbnail)}"
        f'<p><span class="v {style}">{_text(title)}</span>{distance}</p>'
        f"<dl>{rows}</dl><dl>{bars}</dl></li>"
    )


def _bar(distance, farthest):
    if distance is None:
        return "<span class=hidden>not in both</span>"
    share = distance / farthest
    return f'<meter value="{share:.3f}"></meter> {distance:.3f}'


def _picture(thumbnail):
    if thumbnail is None:
        return '<div class=none role=img aria-label="no image is kept"></div>'
    encoded = base64.b64encode(thumbnail).decode()
    return f'<img alt="person" src="data:image/jpeg;base64,{encoded}">'


def _text(value):
    return html.escape(str(value))

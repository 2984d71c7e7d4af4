"""One match, explained: pictures, a bar for each part, and a sentence."""

import numpy as np

from keras_drop.visualization.html_page import picture, text, verdict_badge
from keras_drop.visualization.part_overlay import part_overlay

STYLE = """
.pics{display:flex;gap:.5rem;align-items:flex-start;margin-bottom:.5rem}
.told{margin:.5rem 0;font-size:.85rem;color:#555;overflow-wrap:anywhere}
.told b{color:#222;font-weight:600}
.parts{border-collapse:collapse;width:100%;font-size:.85rem}
.parts td{padding:.12rem .3rem .12rem 0;vertical-align:middle}
.parts td:first-child{white-space:nowrap;width:1%;padding-right:.6rem}
.parts td:last-child{text-align:right;white-space:nowrap;width:1%;padding:0}
.sw{display:inline-block;width:.7rem;height:.7rem;border-radius:3px;
margin-right:.35rem}
.bar{height:.55rem;border-radius:3px;background:#f0f1f4;min-width:2rem}
.bar i{display:block;height:100%;border-radius:3px}
.off{color:#777}
.off i{background:repeating-linear-gradient(135deg,#b9bec8 0 2px,#e6e8ed 2px 5px
)!important}
.why{font-size:.9rem;margin:.6rem 0 0}
"""


def match_body(comparison, row, place, colours, scale, parts=None):
    """HTML table of the parts of a match, and what hidden parts did.

    Args:
        comparison: `evaluation.PartComparison`.
        row: The query.
        place: Of the image in its ranked list.
        colours: One a part.
        scale: Distance that fills a bar.
        parts: Names of the parts that were asked for, `None` for all.
    """
    rows = []
    for k, name in enumerate(comparison.names):
        weight = float(comparison.weights[row, place, k])
        distance = float(comparison.part_distances[row, place, k])
        told = f"{distance:.2f}"
        if weight > 0 and not _alike(comparison.weights[row, place]):
            told += f" &middot; {weight:.0%}"
        elif not weight:
            told = _reason(comparison, row, place, k, parts)
        share = min(max(distance / scale, 0.02), 1)
        fill = f"width:{share:.0%};background:{_css(colours[k])}"
        rows.append(
            f"<tr{'' if weight else ' class=off'}><td>"
            f'<span class=sw style="background:{_css(colours[k])}"></span>'
            f"{text(name.replace('_', ' '))}<td><div class=bar>"
            f'<i style="{fill}"></i></div><td>{told}'
        )
    sentence = _what_hidden_parts_did(comparison, row, place, parts)
    return (
        f"<table class=parts>{''.join(rows)}</table><p class=why>{sentence}</p>"
    )


def match_head(comparison, row, place, verdict, caption):
    """HTML of the place, the verdict, the distance, and what is known."""
    title = f"<b>{place + 1}</b> "
    if verdict is not None:
        title += verdict_badge(*verdict) + " "
    if comparison.weights[row, place].any():
        title += (
            f"<small>distance {comparison.distances[row, place]:.3f}</small>"
        )
    told = " &middot; ".join(
        f"{text(name)} <b>{text(value)}</b>"
        for name, value in (caption or {}).items()
        if value is not None
    )
    return f"<div>{title}</div><div class=told>{told}</div>"


def match_pictures(pixels, part_map, colours):
    """HTML of an image, and of the parts that the model sees in it.

    Args:
        pixels: The image, or `None`.
        part_map: Its parts, background first, or `None`.
        colours: One an embedding. The last ones are of the parts: others,
            such as the foreground, have no map.
    """
    if pixels is None or part_map is None:
        return f"<div class=pics>{picture(pixels)}</div>"
    part_map = np.asarray(part_map, "float32")
    of_parts = np.array(colours[1 - part_map.shape[-1] :])
    overlay = part_overlay(pixels, part_map, of_parts)
    return (
        f"<div class=pics>{picture(pixels)}"
        f"{picture(overlay, 'parts that the model sees')}</div>"
    )


def listed(names):
    """`head, torso and feet`."""
    names = [name.replace("_", " ") for name in names]
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _what_hidden_parts_did(comparison, row, place, parts):
    weights = comparison.weights[row, place]
    counted = np.count_nonzero(weights)
    if not counted:
        some = parts is not None and set(comparison.names) - set(parts)
        asked = " that was asked for" if some else ""
        return (
            f"The two show no part in common{asked}: nothing can be compared."
        )
    if counted == len(weights):
        return f"All {counted} were compared."
    everything = comparison.distances_of_all[row]
    places = np.argsort(np.argsort(everything, kind="stable"))
    moved = int(places[place]) + 1
    count = np.count_nonzero(~np.isnan(everything))  # Others are nobody.
    where = "the place the same"
    if moved != place + 1:
        where = f"the place {moved} of these {count}"
    return (
        f"Compared by {counted} of {len(weights)}. Had the others counted "
        f"too, as if nothing were hidden, the distance would be "
        f"{everything[place]:.3f} and {where}."
    )


def _reason(comparison, row, place, part, parts):
    """Why a part did not count."""
    if parts is not None and comparison.names[part] not in parts:
        return "not asked for"
    query = comparison.query_visibility[row, part] > 0
    other = comparison.visibility[row, place, part] > 0
    if query and other:
        return "did not count"
    if query or other:
        return "hidden here" if query else "hidden in query"
    return "hidden in both"


def _alike(weights):
    """Whether all parts that count do so as much."""
    counted = weights[weights > 0]
    return np.ptp(counted) < 0.005 if len(counted) else True


def _css(colour):
    return "#{:02x}{:02x}{:02x}".format(*colour)

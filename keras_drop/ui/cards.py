"""HTML of the page: hits, people, images, and the buttons of each.

Buttons carry `data-do` and `data-value`; the page tells Python which was
pressed. Pictures are in the HTML, so that no copy of them is written anywhere.
"""

import dataclasses
import json

from keras_drop.visualization.html_page import PICTURE_STYLE, picture, text
from keras_drop.visualization.save_explanations import (
    HOW_TO_READ,
    SECTION_STYLE,
    query_section,
)

_STYLE = (
    SECTION_STYLE
    + """
.explained{color:#222;background:#fff;border-radius:8px;padding:.2rem .6rem;
font:16px/1.45 system-ui,sans-serif;
p{margin:.6rem 0}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(8rem,1fr));
gap:1rem;padding:.6rem 0}
.card{border:1px solid #d0d4dc;border-radius:8px;padding:.7rem;
box-sizing:border-box;background:#fff;color:#222;text-align:left;font:inherit}
.parts,.parts tr,.parts td{border:0}
button{cursor:pointer}
.small{font:inherit;font-size:.85rem;border:1px solid #aab;background:#f4f5f8;
border-radius:6px;padding:.3rem .5rem;margin:.5rem .3rem 0 0;color:#222}
.small:hover,.card:hover{border-color:#4084d6}
.danger{border-color:#d0a0a0;color:#9c1c24}
.answer{font-size:1.05rem;font-weight:600;margin:.5rem 0}
"""
    + PICTURE_STYLE
    + "}"
)


def hits_html(hits, explained, image=None, read_only=False):
    """HTML of a search.

    Args:
        hits: `Hits`.
        explained: `ExplainedQuery` of them, `None` without any.
        image: `Hit` that was searched for, if it was one.
        read_only: Whether there are buttons that remove.
    """
    answer = {
        True: "Somebody the gallery knows.",
        False: "Nobody the gallery knows.",
        None: "",
    }[hits.known]
    if not hits:
        return _page("<p class=answer>Nothing was found.</p>")
    if image is not None and image.thumbnail is not None:
        explained = dataclasses.replace(explained, photos=[])
    below = [
        button("search", hit.id, "Search for this one")
        + _removal("id", hit.id, "Remove image", read_only)
        + (
            _removal("identity", hit.identity, "Remove person", read_only)
            if hit.identity is not None
            else ""
        )
        for hit in hits
    ]
    section = query_section(explained, below)
    if image is not None:
        name = "" if image.identity is None else f" {text(image.identity)}"
        section = section.replace(
            "<h2>Query</h2>",
            f"<h2>Query: image {image.id}{name}</h2>{picture(image.thumbnail)}",
            1,
        )
    return _page(
        f"<p class=answer>{answer}</p>{section}<p class=how>{HOW_TO_READ}</p>"
    )


def people_cards(people, first, more, at_a_time):
    """HTML of some people.

    Args:
        people: Tuples of identity, number of images, thumbnail.
        first: How many come before them.
        more: Whether others follow.
        at_a_time: How many are shown where there are enough.
    """
    if not people:
        return _page("<p class=answer>Nobody by that name.</p>")
    cards = "".join(
        f"<button class=card {_does('open', identity)}>{picture(thumbnail)}"
        f"<b>{text(identity)}</b><br>{count} image{'s' * (count != 1)}"
        "</button>"
        for identity, count, thumbnail in people
    )
    turns = ""
    if first:
        turns += button("turn", max(first - at_a_time, 0), "Before")
    if more:
        turns += button("turn", first + len(people), "Next")
    return _page(f"<div class=cards>{cards}</div>{turns}")


def image_cards(identity, images, count, read_only):
    """HTML of the first images of a person, who has `count` of them."""
    if not images:
        return ""
    cards = "".join(
        f"<div class=card>{picture(hit.thumbnail)}{_told(hit)}"
        + button("search", hit.id, "Search")
        + _removal("id", hit.id, "Remove", read_only)
        + "</div>"
        for hit in images
    )
    return _page(
        f"<p class=answer>{text(identity)}: {count} image{'s' * (count != 1)}"
        + (f", the first {len(images)}" if count > len(images) else "")
        + "</p>"
        + _removal("identity", identity, "Remove person", read_only)
        + f"<div class=cards>{cards}</div>"
    )


def button(do, value, label, style=""):
    """HTML of a button that tells the page what to do."""
    return (
        f'<button class="small {style}" {_does(do, value)}>{text(label)}'
        "</button>"
    )


def _removal(what, value, label, read_only):
    if read_only:
        return ""
    return button(f"remove {what}", value, label, "danger")


def _does(do, value):
    # JSON, so that the identity 7 and the identity "7" stay two.
    return f'data-do="{text(do)}" data-value="{text(json.dumps(value))}"'


def _told(hit):
    told = [f"number {hit.id}"]
    if hit.camera is not None:
        told.append(f"camera {hit.camera}")
    if hit.time is not None:
        told.append(f"time {hit.time}")
    return f"<div class=told>{text(' · '.join(told))}</div>"


def _page(body):
    return f"<style>{_STYLE}</style><div class=explained>{body}</div>"

"""What the HTML files share: they need no script and nothing from elsewhere."""

import base64
import html
from pathlib import Path

from keras_drop.datasets.files.whole_files import write_file
from keras_drop.files.thumbnail import thumbnail_of

PICTURE_STYLE = """
.person,.none{display:block;height:160px;max-width:100%;object-fit:contain}
.none{background:#eee;width:80px;border-radius:4px}
.v{display:inline-block;padding:0 .55rem;border-radius:1rem;background:#eee}
.same{background:#cdebd0}.different{background:#f6d3d0}
"""
_STYLE = (
    """
body{font:16px/1.45 system-ui,sans-serif;margin:0 auto;padding:1rem;color:#222;
max-width:84rem;box-sizing:border-box;background:#fff}
h1{font-size:1.3rem;margin:.2rem 0 1rem}
"""
    + PICTURE_STYLE
)


_STYLES = {
    "same": "same",
    "right": "same",
    "different": "different",
    "wrong": "different",
}


def write_page(path, title, style, body):
    """Writes a page, as a whole, and the folders above it; returns its path.

    Args:
        path: The `.html` file.
        title: Of the window.
        style: Further CSS.
        body: HTML.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    page = (
        "<!doctype html>\n<html lang=en><meta charset=utf-8>"
        '<meta name=viewport content="width=device-width,initial-scale=1">'
        f"<title>{text(title)}</title><style>{_STYLE}{style}</style>"
        f"{body}</html>\n"
    )
    write_file(path, page.encode(errors="replace"))
    return path


def picture(image, what="person"):
    """HTML of an image: pixels, the bytes of a JPEG file, or `None`."""
    if image is None:
        return '<div class=none role=img aria-label="no image is kept"></div>'
    if not isinstance(image, bytes):
        image = thumbnail_of(image)
    encoded = base64.b64encode(image).decode()
    source = f"data:image/jpeg;base64,{encoded}"
    return f'<img class=person alt="{text(what)}" src="{source}">'


def verdict_badge(word, probability):
    """HTML of a verdict: same, different, right, wrong, not comparable.

    Args:
        word: The verdict, empty without one.
        probability: Of the same person, whatever the verdict is; or NaN.
    """
    style = _STYLES.get(word, "")
    if probability == probability:  # Not NaN.
        same = f"same {_percent(probability)}"
        word = same if word in ("", "same") else f"{word}: {same}"
    return f'<span class="v {style}">{text(word)}</span>' if word else ""


def _percent(share):
    """No share but 0 and 1 is said to be certain."""
    if 0 < share < 0.005:
        return "< 1%"
    return "> 99%" if 0.995 <= share < 1 else f"{share:.0%}"


def text(value):
    """A value as HTML shows it."""
    return html.escape(str(value))

"""Findings as one HTML page, with small pictures of what they are about."""

import base64
import html
import io

from PIL import Image

from keras_drop.files.image_file import decode_image, rgb_pixels

_SHOWN = 24
_HEIGHT = 128
_STYLE = """
body { font: 15px/1.5 sans-serif; color: #20242c; max-width: 70em;
  margin: 2em auto; padding: 0 1em }
section { border-top: 1px solid #d0d4dc; padding: 0.5em 0 }
h2 { font-size: 1.1em } h2 span { color: #767c88; font-weight: normal }
.error h2 { color: #d03038 } .warning h2 { color: #9a5c00 }
figure { display: inline-block; vertical-align: top; margin: 0 1em 1em 0 }
figcaption { font-size: 11px; max-width: 20em; overflow-wrap: anywhere }
img { height: 128px; margin-right: 2px; background: #eee }
"""


def findings_page(findings, summary):
    """An HTML page that needs nothing beside it.

    Args:
        findings: List of `Finding`.
        summary: Lines to begin with, such as the splits and their sizes.

    Returns:
        The page, text. At most 24 files of a finding are shown; what cannot
        be read is named only.

    Example:
    >>> from keras_drop.datasets import Finding
    >>> from keras_drop.datasets.checking.finding_page import findings_page
    >>> page = findings_page(
    ...     [Finding("note", "grey", "1 < 2 images.", "Look.")], ["train"])
    >>> "1 &lt; 2 images." in page, "<script" in page
    (True, False)
    """
    lines = "<br>".join(map(html.escape, summary))
    sections = "\n".join(map(_section, findings)) or "<p>Nothing is wrong.</p>"
    return (
        '<!doctype html>\n<html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>Check of a data set</title><style>{_STYLE}</style>"
        f"<h1>Check of a data set</h1>\n<p>{lines}</p>\n{sections}\n</html>\n"
    )


def _section(finding):
    level, kind, message, mend = map(
        html.escape,
        (finding.level, finding.kind, finding.message, finding.mend),
    )
    figures = [
        _figure(item, line)
        for item, line in zip(finding.items[:_SHOWN], finding.lines())
    ]
    rest = len(finding.items) - _SHOWN
    if rest > 0:
        figures.append(f"<p>… and {rest:,} more.</p>")
    return (
        f'<section class="{level}"><h2>{level} <span>{kind}</span></h2>'
        f"<p>{message}</p><p>{mend}</p>\n{''.join(figures)}</section>"
    )


def _figure(item, line):
    files = item if isinstance(item, tuple) else (item,)
    pictures = "".join(map(_picture, files))
    return (
        f"<figure>{pictures}<figcaption>{html.escape(line)}</figcaption>"
        "</figure>"
    )


def _picture(file):
    if not isinstance(file, str):
        return ""
    try:
        image = Image.fromarray(decode_image(file, rgb_pixels))
    except (OSError, ValueError):
        return ""
    width = min(max(image.width * _HEIGHT // image.height, 1), 4 * _HEIGHT)
    buffer = io.BytesIO()
    image.resize((width, _HEIGHT)).save(buffer, "JPEG", quality=80)
    content = base64.b64encode(buffer.getvalue()).decode()
    return f'<img alt="" src="data:image/jpeg;base64,{content}">'

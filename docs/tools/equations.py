"""Hook of MkDocs: LaTeX becomes MathML while the site is built.

Browsers draw MathML themselves, so the pages need no script and no network.
`pymdownx.arithmatex` marks what stands between dollars.
"""

import html
import re

from latex2mathml.converter import convert

_INLINE = re.compile(
    r'<span class="arithmatex">\\\((.*?)\\\)</span>', re.DOTALL
)
_BLOCK = re.compile(
    r'<div class="arithmatex">\s*\\\[(.*?)\\\]\s*</div>', re.DOTALL
)


def on_page_content(content, **_):
    return with_mathml(content)


def with_mathml(content):
    """HTML with every marked piece of LaTeX as MathML."""
    content = _BLOCK.sub(
        lambda match: f"<p>{_mathml(match[1], 'block')}</p>", content
    )
    return _INLINE.sub(lambda match: _mathml(match[1], "inline"), content)


def _mathml(latex, display):
    return convert(html.unescape(latex).strip(), display=display)

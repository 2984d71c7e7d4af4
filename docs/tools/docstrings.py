"""Extension of Griffe: this project's docstrings as Google's style knows them.

A docstring here is Keras': sections, an `Example:` whose lines are not
indented, what the call takes under `Call arguments:`, the paper under
`Reference:`.
"""

import re

import griffe

_SECTION = re.compile(r"^(Example|Reference|Call arguments):\n", re.MULTILINE)
_NEXT = re.compile(
    r"^(Args|Attributes|Call arguments|Example|Raises|Reference|Returns):\n",
    re.MULTILINE,
)


class Docstrings(griffe.Extension):
    """Rewrites every docstring before it is parsed."""

    def on_object(self, *, obj, loader, **kwargs):
        if obj.docstring:
            obj.docstring.value = rewritten(obj.docstring.value)


def rewritten(text):
    """A docstring with the three sections as Markdown."""
    # Griffe counts in fours, also where a list stands below an argument.
    text = re.sub(r"^ {6}(?=\S)", " " * 8, text, flags=re.MULTILINE)
    pieces, end = [], 0
    for match in _SECTION.finditer(text):
        after = _NEXT.search(text, match.end())
        stop = after.start() if after else len(text)
        pieces.append(text[end : match.start()])
        pieces.append(_markdown(match[1], text[match.end() : stop]))
        end = stop
    return "".join([*pieces, text[end:]])


def _markdown(section, body):
    body = body.rstrip() + "\n\n"
    if section == "Example":
        return f"Examples:\n{_indented(body)}"
    body = re.sub(r"^    ", "", body, flags=re.MULTILINE)
    if section == "Call arguments":
        items = re.sub(r"^(\w+): ", r"- **`\1`**: ", body, flags=re.MULTILINE)
        return f"**Call arguments**\n\n{items}"
    return f"**Reference**\n\n{body}"


def _indented(text):
    return re.sub(r"^(?=.)", "    ", text, flags=re.MULTILINE)

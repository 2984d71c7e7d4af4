"""What the actions on a gallery have in common."""

import argparse
import math
import re
from pathlib import Path

from keras_drop.cli import Parser
from keras_drop.gallery import Gallery
from keras_drop.gallery.engines.engine_of import ENGINES


def action_parser(action, text):
    """A parser that asks for the gallery, and how to open it."""
    parser = Parser(f"gallery {action}", text)
    add = parser.add_argument
    add("gallery", type=Path, help="folder of the gallery")
    add(
        "--engine",
        choices=ENGINES,
        default="disk",
        help="what compares (default: %(default)s)",
    )
    add("--uri", help="of a Milvus server, http://user:password@host:19530")
    return parser


def opened(options):
    """The gallery that the options name."""
    return Gallery.open(options.gallery, engine=options.engine, uri=options.uri)


def add_pairs(add, name, text):
    """Adds an option of a name and the text of a value."""
    add(name, type=_pair, action="append", default=[], help=text)


def either(text):
    """List of what a text may mean: the identity 7, and the identity "7"."""
    value = plain(text)
    return [text] if value == text else [value, text]


def _pair(text):
    name, sign, value = text.partition("=")
    if not sign:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    return name, value


def plain(text):
    """A number, if it is written like one, else the text.

    `007`, `1_2`, `nan` and `Infinity` are names, though Python reads numbers.
    """
    written = re.fullmatch(
        r"-?(0|[1-9][0-9]*)(\.[0-9]+)?(e[-+]?[0-9]+)?", text, re.IGNORECASE
    )
    if not written:
        return text
    if written[2] or written[3]:
        number = float(text)
        return number if math.isfinite(number) else text
    number = int(text)
    return number if -(2**63) <= number < 2**63 else text

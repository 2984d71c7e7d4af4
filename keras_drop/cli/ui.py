"""A page in the browser to search a gallery, browse it and remove people."""

import signal
import sys
from pathlib import Path

from keras_drop.cli import Parser
from keras_drop.gallery import Gallery
from keras_drop.quietly import quietly
from keras_drop.ui import serve


def main(argv):
    """Serves the page until it is stopped.

    Args:
        argv: Strings, the options.

    Returns:
        Exit code 0.

    Raises:
        ImportError: gradio is not installed.
        ValueError: Another model than the gallery's.
        OSError: There is no gallery, or the port is taken.
    """
    parser = Parser(
        "ui",
        "Shows a gallery in the browser: search by a photo, by a box in it, "
        "or by a click on a hit; browse people and remove them. Only this "
        "machine reaches the page, and it asks no other for anything.",
    )
    add = parser.add_argument
    add("gallery", type=Path, help="folder of the gallery")
    add("--model", help="that embeds, if the gallery does not know where it is")
    add(
        "--host",
        default="127.0.0.1",
        help="address to listen at; any other than the default lets others "
        "search, without a password",
    )
    add("--port", type=int, help="left out, the first free one from 7860 on")
    add("--read_only", action="store_true", help="nothing can be removed")
    add("--open", action="store_true", help="open the browser")
    options = parser.parse_args(argv)
    # So that what was uploaded is deleted, however it is stopped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with quietly():
        gallery = Gallery.open(options.gallery, options.model)
    serve(
        gallery,
        host=options.host,
        port=options.port,
        read_only=options.read_only,
        open_browser=options.open,
    )
    return 0

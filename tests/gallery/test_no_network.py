import socket

import numpy as np
import pytest

from keras_drop import Gallery
from tests.gallery.people import draw_people, make_gallery

pytestmark = pytest.mark.backend_neutral


def test_nothing_leaves_the_machine(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("a socket")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)
    people = draw_people(0, 20)
    gallery = make_gallery(tmp_path, people)
    hits = Gallery.open(gallery.path).search(people[:1])
    page = hits.show(tmp_path / "hits.html").read_text()
    # Nothing that a browser would fetch either.
    assert "http" not in page and "<script" not in page
    assert np.isfinite(hits.distances).all()


def test_importing_opens_no_socket():
    """Of a process that forbids sockets before the first import."""
    import subprocess
    import sys

    code = (
        "import socket, sys\n"
        "def refuse(*_, **__): raise SystemExit('a socket')\n"
        "socket.socket.connect = refuse\n"
        "socket.getaddrinfo = socket.create_connection = refuse\n"
        "import keras_drop, tempfile\n"
        "from keras_drop import evaluation, gallery\n"
        "people = keras_drop.Descriptors([[1.0, 0.0], [0.0, 1.0]])\n"
        "g = keras_drop.Gallery.create(tempfile.mkdtemp() + '/g')\n"
        "g.add(people)\n"
        "assert len(g) == 2\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)

import socket

import numpy as np
import pytest

from keras_drop import Gallery
from tests.gallery.people import draw_people, make_gallery

pytestmark = pytest.mark.backend_neutral


@pytest.fixture
def no_sockets(monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("a socket")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)


def test_nothing_leaves_the_machine(tmp_path, no_sockets):
    people = draw_people(0, 20)
    gallery = make_gallery(tmp_path, people)
    hits = Gallery.open(gallery.path).search(people[:1])
    page = hits.show(tmp_path / "hits.html").read_text()
    # Nothing that a browser would fetch either.
    assert "http" not in page and "<script" not in page
    assert np.isfinite(hits.distances).all()


@pytest.mark.slow
def test_training_and_embedding_open_no_socket(tmp_path, no_sockets):
    from keras_drop.models import GlobalBaseline
    from tests.models import small

    model = small.model_of(GlobalBaseline)
    model.compile("sgd")
    images, told = small.batch()
    told = {"identities": told["identities"]}
    model.fit(images, told, batch_size=len(images), verbose=0)
    model.save(tmp_path / "model.keras")
    gallery = Gallery.create(tmp_path / "g", tmp_path / "model.keras")
    gallery.add([image.astype("uint8") for image in images])
    assert len(gallery.search(images[0].astype("uint8"))) == len(images)


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

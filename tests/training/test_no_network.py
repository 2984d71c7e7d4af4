import socket

import numpy as np
import pytest
from PIL import Image

import keras_drop
from keras_drop import Records
from keras_drop.data import IdentitySampler, TrainingBatches

pytestmark = [pytest.mark.backend_neutral, pytest.mark.slow]


def test_training_and_embedding_open_no_socket(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("a socket")

    for name in ("connect", "connect_ex", "bind", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    for name in ("create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)
    paths = [str(tmp_path / f"{k}.png") for k in range(8)]
    for k, path in enumerate(paths):
        Image.new("RGB", (16, 32), (30 * k, 90, 160)).save(path)
    records = Records(paths, np.arange(8) // 2, np.arange(8) % 2)
    batches = TrainingBatches(
        records, (32, 32), sampler=IdentitySampler(2, 2), workers=1
    )
    models = keras_drop.models
    model = models.GlobalBaseline(models.resnet18((32, 32)), 4)
    model.compile("sgd")
    model.fit(batches, steps_per_epoch=1, verbose=0)
    assert np.isfinite(model.embed(paths[:2]).embeddings).all()

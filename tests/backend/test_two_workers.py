"""Two processes, as two machines would be: `MultiWorkerMirroredStrategy`."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import keras
import pytest

ROOT = Path(__file__).parents[2]


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("localhost", 0))
    ports = [str(each.getsockname()[1]) for each in sockets]
    for each in sockets:
        each.close()
    return ports


@pytest.mark.slow
@pytest.mark.skipif(
    keras.backend.backend() != "tensorflow", reason="tf.distribute alone"
)
def test_two_machines_gather_each_others_images():
    ports = free_ports(2)
    workers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.backend.two_workers", index, *ports],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        for index in ("0", "1")
    ]
    try:
        outputs = [worker.communicate(timeout=240) for worker in workers]
    finally:
        for worker in workers:
            worker.kill()
    for worker, (printed, said) in zip(workers, outputs, strict=True):
        assert worker.returncode == 0, said[-3000:]
        found = json.loads(printed.splitlines()[-1])
        assert found["gathered"] == [[2.0, 4.0], [6.0, 10.0]]
        assert found["people"] == [7, 8]
        # Of the sum of (2 x) squared, by the weight: 2 * 2 * (1 + 4 + 9 + 25).
        assert found["gradient"] == pytest.approx(156.0)

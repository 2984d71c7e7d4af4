"""Runs the tests of the gallery's engine on Milvus against a server.

    python -m benchmarks.milvus_server --uri=http://localhost:19530

Left out, `--uri` is a server of Milvus Lite on this machine: other code than
Milvus's, behind the same protocol. Collections are called `keras_drop_...` and
deleted at the end.
"""

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--uri", help="of the server")
    uri = parser.parse_args().uri
    with contextlib.nullcontext(uri) if uri else lite_server() as address:
        return subprocess.call(
            [
                *(sys.executable, "-m", "pytest", "-m", ""),
                "tests/gallery/test_milvus.py",
            ],
            cwd=Path(__file__).parents[1],
            env={**os.environ, "KERAS_DROP_MILVUS_URI": address},
        )


@contextlib.contextmanager
def lite_server():
    """The address of a Milvus Lite in this process."""
    from milvus_lite.adapter.grpc.server import start_server_in_thread

    with tempfile.TemporaryDirectory() as folder:
        server, database, port = start_server_in_thread(
            data_dir=folder, host="127.0.0.1", port=0
        )
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.stop(grace=2)
            database.close()


if __name__ == "__main__":
    sys.exit(main())

"""A backend that was chosen but is not installed, said before Keras is."""

import importlib.util
import json
import os
import sys
from pathlib import Path

# The package of a backend, and the extra that installs it.
_EXTRAS = {"jax": "[jax]", "torch": "[torch]", "tensorflow": ""}


def refuse_missing_backend():
    """Says what to install, where Keras would only miss a module.

    Raises:
        ImportError: Keras' backend, of `KERAS_BACKEND` or its configuration
            file, is not installed.
    """
    if "keras" in sys.modules:
        return
    backend = os.environ.get("KERAS_BACKEND") or _configured()
    if backend in _EXTRAS and importlib.util.find_spec(backend) is None:
        raise ImportError(
            f"Keras is to run on {backend}, which is not installed: pip "
            f"install 'keras_drop{_EXTRAS[backend]}'. Or choose another "
            "backend: KERAS_BACKEND=tensorflow."
        )


def _configured():
    """What `keras.json` says."""
    home = os.environ.get("KERAS_HOME")
    folder = Path(home) if home else Path.home() / ".keras"
    try:
        return json.loads((folder / "keras.json").read_text())["backend"]
    except (OSError, ValueError, KeyError, TypeError, RuntimeError):
        return "tensorflow"

"""What every public class owes its users."""

import inspect
import re
from pathlib import Path

import keras
import pytest

import keras_drop as kd

CLASSES = [
    cls
    for package in (kd.layers, kd.losses, kd.models)
    for _, cls in inspect.getmembers(package, inspect.isclass)
]


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_public_class(cls):
    name = f"keras_drop>{cls.__name__}"
    assert keras.saving.get_registered_name(cls) == name
    assert "Args:" in cls.__doc__
    assert ">>> " in cls.__doc__, "an example that runs"
    assert "Reference:" in cls.__doc__, "the paper"
    file = Path(inspect.getfile(cls))
    assert re.sub("_", "", file.stem) == cls.__name__.lower()
    tests = Path(__file__).parent / file.parent.name
    assert (tests / f"test_{file.name}").exists()


def test_importing_the_library_loads_no_model_code():
    """`import keras_drop` stays fast: KerasHub loads when models are used."""
    import subprocess
    import sys

    code = (
        "import sys, keras_drop; assert 'keras_hub' not in sys.modules, 1; "
        "keras_drop.models.DROP; assert 'keras_hub' in sys.modules, 2"
    )
    subprocess.run([sys.executable, "-c", code], check=True)

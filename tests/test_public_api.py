"""What every public class owes its users."""

import inspect
import re
import subprocess
import sys
from pathlib import Path

import keras
import pytest

import keras_drop as kd

CLASSES = [
    cls
    for package in (kd.layers, kd.losses, kd.models)
    for _, cls in inspect.getmembers(package, inspect.isclass)
    if cls is not kd.models.ReIDTask  # What models are made of is none.
]


@pytest.mark.backend_neutral
@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_public_class(cls):
    name = f"keras_drop>{cls.__name__}"
    assert keras.saving.get_registered_name(cls) == name
    assert "Args:" in cls.__doc__
    assert ">>> " in cls.__doc__, "an example that runs"
    assert "Reference:" in cls.__doc__, "the paper"
    file = Path(inspect.getfile(cls))
    assert re.sub("_", "", file.stem) == cls.__name__.lower()
    room = file.parent.relative_to(Path(kd.__file__).parent)
    assert (Path(__file__).parent / room / f"test_{file.name}").exists()


@pytest.mark.slow
@pytest.mark.backend_neutral
def test_importing_the_library_is_quick():
    """Keras and KerasHub, which take seconds, load when they are used."""
    code = (
        "import sys, keras_drop; assert 'keras' not in sys.modules; "
        "keras_drop.Records; assert 'keras' not in sys.modules; "
        "keras_drop.losses; assert 'keras_hub' not in sys.modules; "
        "keras_drop.models.DROP; assert 'keras_hub' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.slow
def test_a_fresh_process_loads_a_model(tmp_path):
    model = kd.models.GlobalBaseline(kd.models.resnet18((32, 32)), 2)
    model.compile(kd.training.CoupledAdam(0.125))
    model.save(tmp_path / "model.keras")
    code = (
        "import sys, keras_drop; model = keras_drop.load_model(sys.argv[1]); "
        "assert type(model).__name__ == 'GlobalBaseline'; "
        "assert float(model.optimizer.learning_rate) == 0.125"
    )
    subprocess.run(
        [sys.executable, "-c", code, tmp_path / "model.keras"], check=True
    )

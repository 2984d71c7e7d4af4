import os
import subprocess
import sys

import pytest

from keras_drop.quietly import quietly

pytestmark = pytest.mark.backend_neutral


def test_holds_back_what_is_written_below_python(capfd):
    with quietly():
        os.write(2, b"noise\n")
        os.write(1, b"shown\n")
    os.write(2, b"after\n")
    assert capfd.readouterr() == ("shown\n", "after\n")


def test_shows_it_on_failure(capfd):
    with pytest.raises(KeyError), quietly():
        os.write(2, b"why it failed\n")
        raise KeyError
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "why it failed\nafter\n"


def test_within_another(capfd):
    with quietly():
        with quietly():
            os.write(2, b"inner\n")
        os.write(2, b"outer\n")
    assert capfd.readouterr().err == ""


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        ["-m", "keras_drop", "train", "--recipe=demo", "--model=drpo"],
        ["recipes/demo.py", "--model=drpo"],
    ],
)
def test_the_mistake_is_all_that_a_command_writes(command):
    environment = dict(os.environ, PYTHONPATH=os.getcwd())
    environment.pop("TF_CPP_MIN_LOG_LEVEL", None)
    done = subprocess.run(
        [sys.executable, *command],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("error: `model` is one of 'global_baseline'")
    assert done.stderr.endswith("Did you mean 'drop'?\n")
    assert done.stderr.count("\n") == 1

import dataclasses
import subprocess
import sys
from pathlib import Path

import pytest
from absl import flags

from keras_drop.training import define_flags, read_settings
from tests.training.settings_script import Settings

pytestmark = pytest.mark.backend_neutral


def read(settings_class, *arguments):
    values = flags.FlagValues()
    define_flags(settings_class, values)
    values(["recipe", *arguments])
    return read_settings(settings_class, values)


def start(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "tests.training.settings_script", *arguments],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )


def test_defaults():
    assert read(Settings) == Settings()


def test_every_type(tmp_path):
    actual = read(
        Settings,
        f"--root={tmp_path}",
        "--image_size=64,32",
        "--rate=0.5",
        "--epochs=3",
        "--flip",
        "--backbone=hrnet_w32",
    )
    expected = Settings(tmp_path, (64, 32), 0.5, 3, True, "hrnet_w32")
    assert actual == expected
    assert isinstance(actual.root, Path)
    assert isinstance(actual.image_size[0], int)


def test_nothing_is_no_path():
    @dataclasses.dataclass(frozen=True)
    class Weights:
        weights: Path = Path("default.pth")

    assert read(Weights, "--weights=") == Weights(None)


def test_a_field_without_default_has_to_be_given():
    @dataclasses.dataclass(frozen=True)
    class Required:
        root: str

    assert read(Required, "--root=here").root == "here"
    with pytest.raises(flags.IllegalFlagValueError, match="root"):
        read(Required)


def test_refuses_a_type_that_no_flag_has():
    @dataclasses.dataclass(frozen=True)
    class Settings:
        options: dict = None

    with pytest.raises(TypeError, match=r"`options`, .*dict"):
        define_flags(Settings, flags.FlagValues())


def test_a_value_of_a_tuple_that_is_no_number():
    with pytest.raises(ValueError, match=r"--image_size: '128px' is not int"):
        read(Settings, "--image_size=256,128px")


def test_script_runs():
    result = start("--epochs=2", "--image_size=64,32")
    assert result.returncode == 0, result.stderr
    assert "image_size=(64, 32)" in result.stdout
    assert "epochs=2" in result.stdout


@pytest.mark.parametrize(
    "argument, message",
    [
        ("--epoch=2", "Unknown command line flag 'epoch'"),
        ("--epochs=many", "flag --epochs=many"),
        ("--root=/nowhere", "error: --root=/nowhere does not exist"),
        ("--epochs=0", "error: --epochs=0 is less than 1"),
        ("epochs=2", "error: 'epochs=2' is not a flag"),
    ],
)
def test_a_mistake_ends_the_script_with_a_clear_line(argument, message):
    result = start(argument)
    assert result.returncode != 0
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""

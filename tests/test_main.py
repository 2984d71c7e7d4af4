import sys
import types

import pytest

from keras_drop import __main__, cli

pytestmark = pytest.mark.backend_neutral


@pytest.fixture
def greet(tmp_path, monkeypatch):
    """A folder with one command, `greet NAME`, instead of the real ones."""
    (tmp_path / "greet.py").write_text(
        '"""Says hello.\n\nMore."""\n\n\n'
        "def main(argv):\n"
        "    if not argv:\n"
        '        raise ValueError("who\\n  is it?")\n'
        '    print("hello", *argv)\n'
        "    return 7\n"
    )
    package = types.ModuleType("keras_drop.cli")
    package.__path__ = [str(tmp_path)]
    monkeypatch.setattr(cli, "__path__", package.__path__)
    yield
    sys.modules.pop("keras_drop.cli.greet", None)


def test_runs_the_command(greet, capsys):
    assert __main__.main(["greet", "you", "--loud"]) == 7
    assert capsys.readouterr().out == "hello you --loud\n"


def test_a_mistake_is_one_line(greet, capsys):
    assert __main__.main(["greet"]) == 2
    assert capsys.readouterr().err == "error: who is it?\n"


def test_unknown_command(greet, capsys):
    assert __main__.main(["great"]) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: `command` is one of 'greet'; got 'great'.")


@pytest.mark.parametrize(("argv", "code"), [(["--help"], 0), ([], 2)])
def test_help_lists_the_commands(greet, capsys, argv, code):
    assert __main__.main(argv) == code
    assert "  greet  Says hello.\n" in capsys.readouterr().out

"""The commands of README and documentation exist, and so do their flags."""

import ast
import re
import shlex
import tomllib
from pathlib import Path

import pytest

from keras_drop.__main__ import main

pytestmark = pytest.mark.backend_neutral

ROOT = Path(__file__).parents[1]
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
# Programs of others.
FOREIGN = ("tensorflow_model_server", "http.server")
OURS = "keras-drop|make|pip|python(?: -m)?"
LINE = re.compile(rf"^(?:{OURS}|{'|'.join(FOREIGN)}) .*", re.MULTILINE)
INLINE = re.compile(rf"`((?:{OURS}) [^`…]+)`")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def commands_of(text):
    """Commands in blocks without a language, or for a shell, and in text."""
    shell = "".join(
        code.replace("\\\n", " ")
        for language, code in BLOCK.findall(text)
        if language in ("", "sh")
    )
    found = [*LINE.findall(shell), *INLINE.findall(BLOCK.sub("", text))]
    return [shlex.split(command, comments=True) for command in found]


COMMANDS = sorted(
    {
        tuple(command)
        for page in PAGES
        if page.name != "CHANGELOG.md"
        for command in commands_of(page.read_text())
    }
)


@pytest.fixture(autouse=True)
def in_a_folder_of_a_reader(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("bank").mkdir()
    flags = Path("runs/demo/settings.flags")
    flags.parent.mkdir(parents=True)
    flags.write_text("--model=drop\n")


def test_commands_are_found():
    text = "```\npip b \\\n  c  # why\n```\nand `make x`, `keras-drop y`"
    assert commands_of(text) == [
        ["pip", "b", "c"],
        ["make", "x"],
        ["keras-drop", "y"],
    ]
    assert len(COMMANDS) > 25


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_command(command, capsys):
    program, *arguments = command
    if command[:3] == ("python", "-m", "keras_drop"):
        check_own(command[3:], capsys)
    elif program == "keras-drop":
        check_own(arguments, capsys)
    elif command[:2] == ("python", "-m") and command[2] not in FOREIGN:
        check_module(*command[2:])
    elif program == "python" and arguments[0] != "-m":
        assert (ROOT / arguments[0]).exists()
        check_own(("train", f"--recipe={Path(arguments[0]).stem}"), capsys)
    elif program == "make":
        makefile = (ROOT / "Makefile").read_text()
        assert re.search(rf"^{arguments[0]}:", makefile, re.MULTILINE)
    elif program == "pip":
        check_package(arguments[-1])
    else:
        assert {*command} & {*FOREIGN}, f"Say here how to check {program}."


def check_own(arguments, capsys):
    """A command of the library, as far as `--help` goes."""
    try:
        code = main([*arguments, "--help"])
    except SystemExit as ended:
        code = ended.code
    assert code == 0, capsys.readouterr().err
    shown = capsys.readouterr().out
    for flag in flags_of(arguments):
        # Of a group `--model.NAME` the names stand below it.
        assert flag in shown or flag == "--flagfile"


def check_module(name, *arguments):
    """A module that is run, and the modules beside it whose flags it has."""
    file = ROOT / (name.replace(".", "/") + ".py")
    if not file.exists():
        file = file.with_suffix("") / "__main__.py"
    source = file.read_text()
    for module in re.findall(
        r"^from benchmarks(?: import |\.)(\w+)", source, re.M
    ):
        source += (ROOT / "benchmarks" / f"{module}.py").read_text()
    names = {
        node.value.removeprefix("--")
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    for flag in flags_of(arguments):
        assert flag.removeprefix("--") in names


def check_package(wanted):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    name, extra = re.fullmatch(r"([\w-]+|\.)(?:\[(\w+)\])?", wanted).groups()
    assert name in (project["name"], ".")  # A dot is the checkout.
    assert extra is None or extra in project["optional-dependencies"]


def flags_of(arguments):
    return [
        argument.split("=")[0]
        for argument in arguments
        if argument.startswith("--")
    ]
